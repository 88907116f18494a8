// Keys: ["till", restaurant], ["till", restaurant, "z" | "reports", …].
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Page, Till, ZReport } from "../api/types";

const PAGE = 30;

export const tillQuery = (rid: string) =>
  queryOptions({
    queryKey: ["till", rid],
    queryFn: () => ask<Till>(api.GET("/api/v1/restaurants/{rid}/till", { params: { path: { rid } } })),
  });

export const zReportsQuery = (rid: string) =>
  infiniteQueryOptions({
    queryKey: ["till", rid, "reports"],
    queryFn: ({ pageParam }) =>
      ask<Page<ZReport>>(
        api.GET("/api/v1/restaurants/{rid}/till/z-reports", {
          params: {
            path: { rid },
            query: { limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last: Page<ZReport>) => last.next_cursor,
  });

export const zReportQuery = (rid: string, number: number) =>
  queryOptions({
    queryKey: ["till", rid, "z", number],
    queryFn: () =>
      ask<ZReport>(
        api.GET("/api/v1/restaurants/{rid}/till/z-reports/{number}", { params: { path: { rid, number } } }),
      ),
    placeholderData: undefined,
  });
