// Keys: ["floor", restaurant].
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Floor, FloorTable } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { nameKey } from "./model";

export const floorQuery = (rid: string) =>
  queryOptions({
    queryKey: ["floor", rid],
    queryFn: () => ask<Floor>(api.GET("/api/v1/restaurants/{rid}/floor", { params: { path: { rid } } })),
  });

/** All tables of the floor, for who may see it; none while it is not known. */
export function useTables(): FloorTable[] {
  const rid = useRestaurantId();
  const may = useMay();
  return useQuery({ ...floorQuery(rid), enabled: may("floor.read") }).data?.tables ?? [];
}

/** The table of that name, if it is one of the floor. */
export function useTableNamed(name: string): FloorTable | undefined {
  const wanted = nameKey(name);
  return useTables().find((table) => nameKey(table.name) === wanted);
}
