// Key: ["own-sessions"]. They are of the person who is here, and are looked up whenever somebody asks.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

export type OwnSession = components["schemas"]["OwnSession"];
export type OwnSessions = components["schemas"]["OwnSessions"];

export const ownSessionsQuery = queryOptions({
  queryKey: ["own-sessions"],
  queryFn: () => ask<OwnSessions>(api.GET("/api/v1/me/sessions")),
  staleTime: 0,
  gcTime: 0,
});
