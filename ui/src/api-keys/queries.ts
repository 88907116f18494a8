// Keys: ["api-keys", restaurant]. Nobody tells when one is used, so the page looks again.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

type S = components["schemas"];
export type ApiKey = S["ApiKey"];
export type ApiKeys = S["ApiKeys"];
export type MadeApiKey = S["MadeApiKey"];
export type NewApiKey = S["NewApiKey"];
export type Tier = S["TierView"];

/** A use is noted to the minute. */
const LOOK_AGAIN_MS = 30_000;

export const apiKeysQuery = (rid: string) =>
  queryOptions({
    queryKey: ["api-keys", rid],
    queryFn: () => ask<ApiKeys>(api.GET("/api/v1/restaurants/{rid}/api-keys", { params: { path: { rid } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });
