// Keys: ["updates", channel]. Asked of the window, not of the engine: the program renews itself.
import { useLocalStorage } from "@mantine/hooks";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMay } from "../app/queries";
import { inWindow, lookForUpdate, type UpdateChannel, type UpdateLook, type UpdateTrouble } from "../desktop";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Which versions this desk takes; kept on the desk. */
export function useChannel() {
  return useLocalStorage<UpdateChannel>({
    key: "comanda.updates",
    defaultValue: "stable",
    getInitialValueInEffect: false,
  });
}

const lookQuery = (channel: UpdateChannel) =>
  queryOptions<UpdateLook, UpdateTrouble>({
    queryKey: ["updates", channel],
    queryFn: () => lookForUpdate(channel),
    staleTime: DAY_MS,
    refetchInterval: DAY_MS,
    retry: false,
  });

/** Looks when the window starts, and once a day. */
export function useLook(channel: UpdateChannel) {
  const mayUpdate = useMay()("settings.write");
  return useQuery({ ...lookQuery(channel), enabled: inWindow() && mayUpdate });
}
