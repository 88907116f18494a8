// Shows a query in every state it can be in: skeleton, error, old figures with their age, or the page itself.
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { asApiError, isBusy } from "../api/errors";
import { useLive } from "../api/live";
import { ErrorState, NoPermission, Stale } from "./States";

export function Answer<T>(props: {
  query: Pick<UseQueryResult<T>, "data" | "error" | "failureReason" | "dataUpdatedAt"> & {
    refetch: () => Promise<unknown>;
  };
  skeleton: ReactNode;
  /** The answer around it says already how old things are. */
  isInner?: boolean;
  children: (data: T) => ReactNode;
}) {
  const { query } = props;
  // While a first answer is tried again and again, the last reason stays: no flicker between bones and error.
  const [kept, setKept] = useState<unknown>(null);
  // Whoever is asked to come back waits: an error it is when patience has ended.
  const trying = isBusy(query.failureReason) ? null : query.failureReason;
  const reason = query.data === undefined ? (query.error ?? trying) : null;
  if (reason !== null && reason !== kept) setKept(reason);
  if (query.data !== undefined && kept !== null) setKept(null);
  if (query.data === undefined) {
    const error = reason ?? kept;
    if (error !== null) {
      return asApiError(error).code === "forbidden" ? (
        <NoPermission />
      ) : (
        <ErrorState error={error} onRetry={() => void query.refetch()} />
      );
    }
    return (
      <div aria-busy="true" aria-live="polite">
        {props.skeleton}
      </div>
    );
  }
  return (
    <>
      {query.error !== null && props.isInner !== true && <StaleSince updated_ms={query.dataUpdatedAt} />}
      {props.children(query.data)}
    </>
  );
}

/** Until the live line broke, changes would have been told: what is on screen was true until then. */
function StaleSince({ updated_ms }: { updated_ms: number }) {
  const live = useLive();
  return <Stale asOf_ms={live.status === "lost" ? Math.max(updated_ms, live.since_ms) : updated_ms} />;
}
