// Keys: ["kitchen", restaurant, "all" or station], and what was brought beside it.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Brought, Kitchen } from "../api/types";

/** Besides the live line: a screen that hears nothing still knows within seconds whether it is alive. */
const BEAT_MS = 3_000;

/** Every page has this one, for its badge: the kitchen's own page without a station asks for nothing more. */
export const kitchenQuery = (rid: string, station?: string) =>
  queryOptions({
    queryKey: ["kitchen", rid, station ?? "all"],
    queryFn: () =>
      ask<Kitchen>(
        api.GET("/api/v1/restaurants/{rid}/kitchen", {
          params: { path: { rid }, query: station === undefined ? {} : { station } },
        }),
      ),
    retry: false,
  });

/** The same, asked for again and again as long as the kitchen looks at it. */
export const kitchenScreenQuery = (rid: string, station: string | undefined) => ({
  ...kitchenQuery(rid, station),
  refetchInterval: BEAT_MS,
  refetchIntervalInBackground: true,
});

/** What was brought and can be called back, the last first. */
export const broughtQuery = (rid: string, station: string | undefined) =>
  queryOptions({
    queryKey: ["kitchen", rid, "brought", station ?? "all"],
    queryFn: () =>
      ask<{ items: Brought[] }>(
        api.GET("/api/v1/restaurants/{rid}/kitchen/brought", {
          params: { path: { rid }, query: station === undefined ? {} : { station } },
        }),
      ),
  });
