// Server state. The engine may be on this very computer, so the browser's idea of "online" means nothing here.
import { keepPreviousData, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/errors";

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
