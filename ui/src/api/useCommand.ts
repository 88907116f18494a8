// A press that changes the restaurant. Keeps one idempotency key until the answer is known, retries what was
// never answered, and leaves refreshing to the `changed` event; `onDone` may set what the answer itself says.
import { useMutation } from "@tanstack/react-query";
import { announceIfDeaf } from "./live";
import { type ApiError, asApiError } from "./errors";
import { keyFor, settle } from "./idempotency";

const RETRIES = 3;

export interface CommandOptions<V, R> {
  /** Stable name of the wish, feature first: "orders.pay". */
  name: string;
  run: (values: V, key: string) => Promise<R>;
  onDone?: (answer: R, values: V) => void;
  onFailed?: (error: ApiError, values: V) => void;
  /** The values hold a password: the key is kept in memory only. */
  secret?: boolean;
  /** One after the other: an older press that came late would undo a newer one. */
  inTurn?: boolean;
}

export function useCommand<V, R>(options: CommandOptions<V, R>) {
  const wishOf = (values: V) => `${options.name}:${JSON.stringify(values)}`;
  return useMutation<R, ApiError, V>({
    mutationKey: [options.name],
    ...(options.inTurn === true && { scope: { id: options.name } }),
    mutationFn: async (values) => {
      try {
        return await options.run(values, keyFor(wishOf(values), { secret: options.secret ?? false }));
      } catch (error) {
        throw asApiError(error);
      }
    },
    retry: (count, error) => count < RETRIES && (error.code === "unreachable" || error.code === "overloaded"),
    retryDelay: (count, error) => (error.retryAfterS ?? 0.3 * 2 ** count) * 1000,
    onSuccess: (answer, values) => {
      settle(wishOf(values));
      announceIfDeaf();
      options.onDone?.(answer, values);
    },
    onError: (error, values) => {
      if (error.outcomeKnown) settle(wishOf(values));
      options.onFailed?.(error, values);
    },
  });
}
