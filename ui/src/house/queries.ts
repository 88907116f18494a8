// Keys: ["house"] for the door, which belongs to this computer; ["house", restaurant] for its devices.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { House, HouseDevices } from "../api/types";

/** Who stands at the door is in no commit. */
const LOOK_AGAIN_MS = 2_000;
const DOOR_MS = 10_000;

export const houseQuery = queryOptions({
  queryKey: ["house"],
  queryFn: () => ask<House>(api.GET("/api/v1/house")),
  refetchInterval: DOOR_MS,
});

export const houseDevicesQuery = (rid: string) =>
  queryOptions({
    queryKey: ["house", rid],
    queryFn: () =>
      ask<HouseDevices>(api.GET("/api/v1/restaurants/{rid}/house/devices", { params: { path: { rid } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });
