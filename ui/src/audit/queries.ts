// Keys: ["audit", restaurant, "list", filter], ["audit", restaurant, "chain"] and ["audit", restaurant, "kinds"].
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { AuditEntry, ChainState, Page } from "../api/types";

export interface AuditFilter {
  person?: string;
  thing?: string;
  action?: string;
  outcome?: "done" | "refused";
  from_ms?: number;
  to_ms?: number;
}

const PER_PAGE = 50;

export const auditQuery = (rid: string, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", rid, "list", filter],
    queryFn: ({ pageParam }) =>
      ask<Page<AuditEntry>>(
        api.GET("/api/v1/restaurants/{rid}/audit", {
          params: {
            path: { rid },
            query: { ...filter, limit: PER_PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Asked for again while a check runs. */
const WATCH_MS = 700;

export const chainQuery = (rid: string) =>
  queryOptions({
    queryKey: ["audit", rid, "chain"],
    queryFn: () =>
      ask<ChainState>(api.GET("/api/v1/restaurants/{rid}/audit/chain", { params: { path: { rid } } })),
    refetchInterval: (query) => (query.state.data?.running === true ? WATCH_MS : false),
  });

export const auditKindsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["audit", rid, "kinds"],
    queryFn: () =>
      ask<{ actions: string[] }>(
        api.GET("/api/v1/restaurants/{rid}/audit/kinds", { params: { path: { rid } } }),
      ),
    staleTime: Infinity,
  });
