// Keys: ["tasks", restaurant, "mine" | "all"].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Tasks } from "../api/types";

export const tasksQuery = (rid: string, whose: "mine" | "all") =>
  queryOptions({
    queryKey: ["tasks", rid, whose],
    queryFn: () =>
      ask<Tasks>(api.GET("/api/v1/restaurants/{rid}/tasks", { params: { path: { rid }, query: { whose } } })),
  });
