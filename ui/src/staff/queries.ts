// Keys: ["staff", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Person } from "../api/types";

export const staffQuery = (rid: string) =>
  queryOptions({
    queryKey: ["staff", rid],
    queryFn: () =>
      ask<{ items: Person[] }>(api.GET("/api/v1/restaurants/{rid}/staff", { params: { path: { rid } } })),
  });
