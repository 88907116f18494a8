// Key: ["health"]. It belongs to the engine, not to a restaurant.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Checkup } from "../api/types";

const LOOK_AGAIN_MS = 5_000;

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: () => ask<Checkup>(api.GET("/api/v1/health/detailed")),
  refetchInterval: LOOK_AGAIN_MS,
});
