// Whether the restaurant in view is there. In the instant its file is exchanged it is in nobody's list: what is gone for
// longer than that is really gone.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Me } from "../api/types";

/** No exchange of files takes longer than this. */
export const GONE_AFTER_MS = 15_000;

/** A closed restaurant is not missing: the answer says so itself. */
export function isMissing(me: Me | undefined, wanted: string | null): boolean {
  if (me === undefined) return false;
  const isIt = (one: { id: string }) => wanted === null || one.id === wanted;
  return !me.restaurants.some(isIt) && !me.unreadable.some(isIt);
}

/** True when it has been missing for long. When it comes back, what was answered without it is asked for again. */
export function useGone(isMissingNow: boolean): boolean {
  const queryClient = useQueryClient();
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    if (!isMissingNow) return undefined;
    const timer = window.setTimeout(() => setGone(true), GONE_AFTER_MS);
    return () => {
      window.clearTimeout(timer);
      setGone(false);
      void queryClient.invalidateQueries({ predicate: (query) => query.state.status === "error" });
    };
  }, [isMissingNow, queryClient]);
  return isMissingNow && isGone;
}
