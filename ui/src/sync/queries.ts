// Keys: ["sync", restaurant] for the page, ["sync", restaurant, "state"] for the bar at the top.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { SyncOverview, SyncState } from "../api/types";

/** How long a queue is, no commit says: it is looked at, more often while it is not empty. */
const LOOK_AGAIN_MS = 4_000;
const WHILE_WAITING_MS = 1_500;

export const syncQuery = (rid: string) =>
  queryOptions({
    queryKey: ["sync", rid],
    queryFn: () =>
      ask<SyncOverview>(api.GET("/api/v1/restaurants/{rid}/sync", { params: { path: { rid } } })),
    refetchInterval: (query) =>
      (query.state.data?.link?.waiting ?? 0) > 0 ? WHILE_WAITING_MS : LOOK_AGAIN_MS,
  });

export const syncStateQuery = (rid: string) =>
  queryOptions({
    queryKey: ["sync", rid, "state"],
    queryFn: () =>
      ask<SyncState>(api.GET("/api/v1/restaurants/{rid}/sync/state", { params: { path: { rid } } })),
    // A desk that waits for no other hears by event when that changes.
    refetchInterval: (query) => {
      const state = query.state.data;
      if (state === undefined || state.link == null) return false;
      return state.waiting > 0 ? WHILE_WAITING_MS : LOOK_AGAIN_MS;
    },
  });
