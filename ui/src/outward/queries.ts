// Keys: ["outward"]. It belongs to the engine, not to a restaurant.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

type S = components["schemas"];
export type OutwardPlace = S["OutwardPlace"];
export type Reason = S["DeploymentReason"];

const LOOK_AGAIN_MS = 5_000;

export const outwardQuery = queryOptions({
  queryKey: ["outward"],
  queryFn: () => ask<OutwardPlace[]>(api.GET("/api/v1/outward")),
  refetchInterval: LOOK_AGAIN_MS,
});
