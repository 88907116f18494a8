// Keys: ["staff", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Person, Roles } from "../api/types";

/** A restaurant with more people than this needs another page; the engine gives no more at once. */
const STAFF_MAX = 200;

export const staffQuery = (rid: string) =>
  queryOptions({
    queryKey: ["staff", rid],
    queryFn: () =>
      ask<{ items: Person[] }>(
        api.GET("/api/v1/restaurants/{rid}/staff", {
          params: { path: { rid }, query: { limit: STAFF_MAX } },
        }),
      ),
  });

export const rolesQuery = (rid: string) =>
  queryOptions({
    queryKey: ["staff", rid, "roles"],
    queryFn: () =>
      ask<Roles>(api.GET("/api/v1/restaurants/{rid}/staff/roles", { params: { path: { rid } } })),
    staleTime: Infinity,
  });
