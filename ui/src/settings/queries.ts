// Keys: ["stations", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { KitchenStation } from "../api/types";

export const stationsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["stations", rid],
    queryFn: () =>
      ask<{ items: KitchenStation[] }>(
        api.GET("/api/v1/restaurants/{rid}/stations", { params: { path: { rid } } }),
      ),
  });
