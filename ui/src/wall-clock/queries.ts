// Key: ["inbox", restaurant, "wall-clock"]: a jump is a flag, so it is told of with the others.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { WallClock } from "../api/types";

export const wallClockQuery = (rid: string) =>
  queryOptions({
    queryKey: ["inbox", rid, "wall-clock"],
    queryFn: () =>
      ask<WallClock>(api.GET("/api/v1/restaurants/{rid}/wall-clock", { params: { path: { rid } } })),
  });
