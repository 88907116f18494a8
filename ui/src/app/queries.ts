// The person and the restaurant every page needs. Keys: ["session", …] and ["settings", restaurant].
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Me, Membership, Restaurant, Permission } from "../api/types";
import { mayInPractice, usePractice } from "./practice";
import { mayInThePast, useRewound } from "./rewound";
import { useSession } from "./session";

export const meQuery = queryOptions({
  queryKey: ["session", "me"],
  queryFn: () => ask<Me>(api.GET("/api/v1/me")),
  staleTime: 5 * 60_000,
});

export const restaurantQuery = (rid: string) =>
  queryOptions({
    queryKey: ["settings", rid],
    queryFn: () => ask<Restaurant>(api.GET("/api/v1/restaurants/{rid}", { params: { path: { rid } } })),
    staleTime: 60_000,
    // The name and the currency of one are never another's, not for an instant.
    placeholderData: () => undefined,
  });

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => ask(api.GET("/api/v1/setup")),
});

/** The restaurant in view. Only called below the shell, which has made sure that there is one. */
export function useRestaurantId(): string {
  const rid = useSession()?.restaurantId;
  if (rid === null || rid === undefined)
    throw new Error("no restaurant is chosen: the shell shows pages only after one is");
  return rid;
}

/** The restaurant itself; present below the shell, which waits for it. */
export function useRestaurant(): Restaurant | undefined {
  const rid = useSession()?.restaurantId ?? "";
  return useQuery({ ...restaurantQuery(rid), enabled: rid !== "" }).data;
}

export function useMembership(): Membership | undefined {
  const rid = useSession()?.restaurantId;
  return useQuery(meQuery).data?.restaurants.find((restaurant) => restaurant.id === rid);
}

/** Asks whether the person may do something here; false until known. */
export function useMay(): (permission: Permission) => boolean {
  const permissions = useRestaurant()?.permissions;
  // What a paired device does not take from a PIN.
  const without = useQuery(meQuery).data?.without;
  const isPast = useRewound() !== null;
  const isPractice = usePractice() !== null;
  return (permission) =>
    (permissions?.includes(permission) ?? false) &&
    without?.includes(permission) !== true &&
    (!isPast || mayInThePast(permission)) &&
    (!isPractice || mayInPractice(permission));
}
