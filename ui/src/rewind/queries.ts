// Keys: ["rewind", restaurant], ["rewind", restaurant, "day", date], ["rewind", restaurant, "around", at],
// ["rewind", restaurant, "view", id] and ["rewind", restaurant, "compare", id].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { AuditEntry, Page, Rewind, RewindCompared, RewindDay, RewindView } from "../api/types";

export const rewindQuery = (rid: string) =>
  queryOptions({
    queryKey: ["rewind", rid],
    queryFn: () => ask<Rewind>(api.GET("/api/v1/restaurants/{rid}/rewind", { params: { path: { rid } } })),
    staleTime: 0,
  });

export const rewindDayQuery = (rid: string, date: string) =>
  queryOptions({
    queryKey: ["rewind", rid, "day", date],
    queryFn: () =>
      ask<RewindDay>(
        api.GET("/api/v1/restaurants/{rid}/rewind/day", { params: { path: { rid }, query: { date } } }),
      ),
  });

const BEFORE = 8;
const AFTER = 4;
/** Looked into for what came next. */
const AFTER_MS = 60 * 60_000;

export interface Around {
  /** What had happened last, newest first. */
  before: AuditEntry[];
  /** What had not happened yet, the next one last. */
  after: AuditEntry[];
}

export const aroundQuery = (rid: string, at_ms: number) =>
  queryOptions({
    queryKey: ["rewind", rid, "around", at_ms],
    queryFn: async (): Promise<Around> => {
      const page = (query: { from_ms?: number; to_ms: number; limit: number }) =>
        ask<Page<AuditEntry>>(
          api.GET("/api/v1/restaurants/{rid}/audit", {
            params: { path: { rid }, query: { ...query, outcome: "done" } },
          }),
        );
      const [before, after] = await Promise.all([
        page({ to_ms: at_ms + 1, limit: BEFORE }),
        page({ from_ms: at_ms + 1, to_ms: at_ms + AFTER_MS, limit: 200 }),
      ]);
      return { before: before.items, after: after.items.slice(-AFTER) };
    },
  });

/** Looked at again while it is made. */
const WATCH_MS = 300;
/** So that a moment somebody looks at stays open. */
const STAY_MS = 60_000;

export const rewindViewQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["rewind", rid, "view", id],
    queryFn: () =>
      ask<RewindView>(
        api.GET("/api/v1/restaurants/{rid}/rewind/{view_id}", { params: { path: { rid, view_id: id } } }),
      ),
    refetchInterval: (query) => (query.state.data?.state === "ready" ? STAY_MS : WATCH_MS),
  });

export const comparedQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["rewind", rid, "compare", id],
    queryFn: () =>
      ask<RewindCompared>(
        api.GET("/api/v1/restaurants/{rid}/rewind/{view_id}/compare", {
          params: { path: { rid, view_id: id } },
        }),
      ),
    // Now goes on.
    refetchInterval: 5_000,
  });
