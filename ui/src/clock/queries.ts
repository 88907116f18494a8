// Keys: ["clock", restaurant, "own"] and ["clock", restaurant, "times", week].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { OwnClock, Times } from "../api/types";

export const ownClockQuery = (rid: string) =>
  queryOptions({
    queryKey: ["clock", rid, "own"],
    queryFn: () => ask<OwnClock>(api.GET("/api/v1/restaurants/{rid}/clock", { params: { path: { rid } } })),
  });

export const timesQuery = (rid: string, week: string | undefined) =>
  queryOptions({
    queryKey: ["clock", rid, "times", week ?? "now"],
    queryFn: () =>
      ask<Times>(
        api.GET("/api/v1/restaurants/{rid}/clock/times", {
          params: { path: { rid }, query: week === undefined ? {} : { week } },
        }),
      ),
  });
