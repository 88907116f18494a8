// Keys: ["limits"]. They belong to the engine, not to a restaurant.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Limits } from "../api/types";

const LOOK_AGAIN_MS = 5_000;

export const limitsQuery = queryOptions({
  queryKey: ["limits"],
  queryFn: () => ask<Limits>(api.GET("/api/v1/limits")),
  refetchInterval: LOOK_AGAIN_MS,
});
