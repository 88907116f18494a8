// Keys: ["health"], ["health", "cache"]. It belongs to the engine, not to a restaurant.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { CacheFigures, Checkup } from "../api/types";

const LOOK_AGAIN_MS = 5_000;

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: () => ask<Checkup>(api.GET("/api/v1/health/detailed")),
  refetchInterval: LOOK_AGAIN_MS,
});

export const cacheQuery = queryOptions({
  queryKey: ["health", "cache"],
  queryFn: () => ask<CacheFigures>(api.GET("/api/v1/cache")),
  refetchInterval: LOOK_AGAIN_MS,
});
