// Keys: ["inbox", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Flag } from "../api/types";

export const inboxQuery = (rid: string) =>
  queryOptions({
    queryKey: ["inbox", rid],
    queryFn: () =>
      ask<{ items: Flag[] }>(api.GET("/api/v1/restaurants/{rid}/inbox", { params: { path: { rid } } })),
  });
