// Server state. The engine may be on this very computer, so the browser's idea of "online" means nothing here.
import {
  type DefaultedQueryObserverOptions,
  keepPreviousData,
  QueryCache,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { ApiError, asApiError, isBusy } from "../api/errors";
import { isLongGone, noteAnswer, paced } from "./away";
import { comeBack } from "./rewound";

/** Live events refresh what changed; this is the ceiling when an event was lost. */
const STALE_MS = 30_000;

/** While one file takes another's place, whoever asks is told to come back; for so long a page goes on asking. */
const PATIENCE_MS = 30_000;
const COME_BACK_MS = 1_000;

function isAway(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "unreachable" || error.code === "overloaded");
}

function comeBackMs(error: unknown): number {
  return error instanceof ApiError && error.retryAfterS !== null ? error.retryAfterS * 1000 : COME_BACK_MS;
}

/** Whoever cannot be reached is asked twice more; whoever said when to come back, as long as patience lasts. */
export function isAskedAgain(count: number, error: unknown): boolean {
  return isBusy(error)
    ? count * comeBackMs(error) < PATIENCE_MS
    : count < 2 && isAway(error) && !isLongGone();
}

/** What a restaurant that is there answers; none is there in the instant its file is exchanged. */
export function isAskedAgainThere(count: number, error: unknown): boolean {
  const isMissing = error instanceof ApiError && error.code === "not_found";
  return isMissing ? count * COME_BACK_MS < PATIENCE_MS : isAskedAgain(count, error);
}

export function askedAgainAfterMs(count: number, error: unknown): number {
  return error instanceof ApiError && error.code === "unreachable" ? 300 * 2 ** count : comeBackMs(error);
}

/** A screen whose engine went away heals by itself. */
export function healsAfterMs(query: {
  state: { error: unknown; fetchFailureReason: unknown };
}): number | false {
  return isAway(query.state.error ?? query.state.fetchFailureReason) ? 3_000 : false;
}

/** What anybody hears of the engine is heard here: it answered, if only with a refusal, or nobody did. */
function hearing(onError?: (error: unknown) => void): QueryCache {
  return new QueryCache({
    onSuccess: () => noteAnswer(false),
    onError: (error) => {
      noteAnswer(asApiError(error).code === "unreachable");
      onError?.(error);
    },
  });
}

/** Whatever pace a query asks for itself, it slows down while the engine is gone. */
class PacedClient extends QueryClient {
  override defaultQueryOptions: QueryClient["defaultQueryOptions"] = (options) => {
    if (options._defaulted) return super.defaultQueryOptions(options);
    const whole = super.defaultQueryOptions(options) as DefaultedQueryObserverOptions<
      unknown,
      Error,
      unknown,
      unknown,
      QueryKey
    >;
    const { refetchInterval } = whole;
    whole.refetchInterval = (query) => {
      const usual = typeof refetchInterval === "function" ? refetchInterval(query) : refetchInterval;
      return typeof usual === "number" ? paced(usual) : usual;
    };
    return whole as never;
  };
}

export const queryClient = new PacedClient({
  queryCache: hearing(),
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: STALE_MS,
      gcTime: 30 * 60_000,
      placeholderData: keepPreviousData,
      retry: isAskedAgain,
      retryDelay: askedAgainAfterMs,
      refetchInterval: healsAfterMs,
    },
    mutations: { networkMode: "always" },
  },
});

/**
 * What is read at a moment of the past, kept apart from what is read now: nothing of one is ever shown as the other,
 * and nothing in it grows old. A screen that was locked is locked now.
 */
export function makePastClient(): QueryClient {
  const queryCache = hearing((error) => {
    if (asApiError(error).code === "locked") comeBack();
  });
  const defaults = queryClient.getDefaultOptions();
  return new PacedClient({
    queryCache,
    defaultOptions: { ...defaults, queries: { ...defaults.queries, staleTime: Infinity } },
  });
}
