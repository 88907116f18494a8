// Keys: ["today", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Today } from "../api/types";

export const todayQuery = (rid: string) =>
  queryOptions({
    queryKey: ["today", rid],
    queryFn: () => ask<Today>(api.GET("/api/v1/restaurants/{rid}/today", { params: { path: { rid } } })),
  });
