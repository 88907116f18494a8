// Keys: ["menu", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Menu } from "../api/types";

export const menuQuery = (rid: string) =>
  queryOptions({
    queryKey: ["menu", rid],
    queryFn: () => ask<Menu>(api.GET("/api/v1/restaurants/{rid}/menu", { params: { path: { rid } } })),
  });
