// Keys: ["developers", …]. What the engine says of itself is another only after an update, which loads the page anew.
import { queryOptions } from "@tanstack/react-query";
import { api, ask, engineOrigin } from "../api/client";
import { errorFrom, unreachable } from "../api/errors";
import type { components } from "../api/schema";

export type EventKinds = components["schemas"]["EventKinds"];

/** One of `x-errors` in the contract. */
export interface ToldError {
  code: string;
  status: number;
  message: string;
}

export const CONTRACT = "/api-docs/openapi.json";

async function errorsOfContract(): Promise<ToldError[]> {
  const response = await fetch(`${engineOrigin()}${CONTRACT}`).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw errorFrom(response, await response.json().catch(() => null));
  const contract = (await response.json()) as { "x-errors"?: ToldError[] };
  return contract["x-errors"] ?? [];
}

export const errorsQuery = queryOptions({
  queryKey: ["developers", "errors"],
  queryFn: errorsOfContract,
  staleTime: Infinity,
});

export const eventKindsQuery = queryOptions({
  queryKey: ["developers", "events"],
  queryFn: () => ask<EventKinds>(api.GET("/api/v1/events")),
  staleTime: Infinity,
});
