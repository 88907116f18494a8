// Shows a query in every state it can be in: skeleton, error, old figures with their age, or the page itself.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { asApiError } from "../api/errors";
import { ErrorState, NoPermission, Stale } from "./States";

export function Answer<T>(props: {
  query: Pick<UseQueryResult<T>, "data" | "error" | "dataUpdatedAt"> & { refetch: () => Promise<unknown> };
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { query } = props;
  if (query.data === undefined) {
    if (query.error !== null) {
      return asApiError(query.error).code === "forbidden" ? (
        <NoPermission />
      ) : (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
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
      {query.error !== null && <Stale asOf_ms={query.dataUpdatedAt} />}
      {props.children(query.data)}
    </>
  );
}
