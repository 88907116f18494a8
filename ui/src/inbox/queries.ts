// Keys: ["inbox", restaurant] for what waits, ["inbox", restaurant, "all"] for everything.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Flag, Page } from "../api/types";

/** More than this cannot wait at once without somebody being called; the count says "200" then. */
const WAITING_MAX = 200;

/** What waits for somebody, newest first. */
export const inboxQuery = (rid: string) =>
  queryOptions({
    queryKey: ["inbox", rid],
    queryFn: () =>
      ask<Page<Flag>>(
        api.GET("/api/v1/restaurants/{rid}/inbox", {
          params: { path: { rid }, query: { open: true, limit: WAITING_MAX } },
        }),
      ),
  });

/** Everything ever flagged, in pages. */
export const inboxHistoryQuery = (rid: string) =>
  infiniteQueryOptions({
    queryKey: ["inbox", rid, "all"],
    queryFn: ({ pageParam }) =>
      ask<Page<Flag>>(
        api.GET("/api/v1/restaurants/{rid}/inbox", {
          params: {
            path: { rid },
            query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
