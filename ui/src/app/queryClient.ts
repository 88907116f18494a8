// Server state. The engine may be on this very computer, so the browser's idea of "online" means nothing here.
import { keepPreviousData, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, asApiError } from "../api/errors";
import { comeBack } from "./rewound";

/** Live events refresh what changed; this is the ceiling when an event was lost. */
const STALE_MS = 30_000;

function isAway(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "unreachable" || error.code === "overloaded");
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: STALE_MS,
      gcTime: 30 * 60_000,
      placeholderData: keepPreviousData,
      retry: (count, error) => count < 2 && isAway(error),
      retryDelay: (count) => 300 * 2 ** count,
      // A screen whose engine went away heals by itself.
      refetchInterval: (query) =>
        isAway(query.state.error ?? query.state.fetchFailureReason) ? 3_000 : false,
    },
    mutations: { networkMode: "always" },
  },
});

/**
 * What is read at a moment of the past, kept apart from what is read now: nothing of one is ever shown as the other,
 * and nothing in it grows old. A screen that was locked is locked now.
 */
export function makePastClient(): QueryClient {
  const queryCache = new QueryCache({
    onError: (error) => {
      if (asApiError(error).code === "locked") comeBack();
    },
  });
  const defaults = queryClient.getDefaultOptions();
  return new QueryClient({
    queryCache,
    defaultOptions: { ...defaults, queries: { ...defaults.queries, staleTime: Infinity } },
  });
}
