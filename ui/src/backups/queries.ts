// Keys: ["backups", restaurant], ["backups", restaurant, "restore", id] and ["rescue", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { ApiError } from "../api/errors";
import type { BackupsOverview, Restore } from "../api/types";

/** How safe the restaurant is changes by the second, and no commit tells. */
const WATCH_MS = 1_000;

export const backupsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["backups", rid],
    queryFn: () =>
      ask<BackupsOverview>(api.GET("/api/v1/restaurants/{rid}/backups", { params: { path: { rid } } })),
    refetchInterval: WATCH_MS,
  });

const RESTORE_WATCH_MS = 400;

export const restoreQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["backups", rid, "restore", id],
    queryFn: () =>
      ask<Restore>(
        api.GET("/api/v1/restaurants/{rid}/backups/restores/{restore_id}", {
          params: { path: { rid, restore_id: id } },
        }),
      ),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === "making" || state === "placing" || state === undefined ? RESTORE_WATCH_MS : false;
    },
    // While a file takes the other's place the engine says: come back.
    retry: 20,
    retryDelay: 500,
  });

export const rescueQuery = (rid: string) =>
  queryOptions<Restore, ApiError>({
    queryKey: ["rescue", rid],
    queryFn: () => ask<Restore>(api.GET("/api/v1/unreadable/{rid}/restore", { params: { path: { rid } } })),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === "making" || state === "placing" || state === undefined ? RESTORE_WATCH_MS : false;
    },
    retry: false,
  });
