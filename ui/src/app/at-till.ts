// Who is at the till: taking over with a PIN, locking the screen, and what then has to be asked anew.
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ask } from "../api/client";
import { asApiError } from "../api/errors";
import { quietly } from "../api/live";
import type { Me } from "../api/types";
import { useCommand } from "../api/useCommand";
import { meQuery, restaurantQuery, useMembership, useRestaurant } from "./queries";
import { queryClient as present } from "./queryClient";
import { comeBack, useRewound } from "./rewound";

/** Who is at the till is so now, whatever moment this screen looks at. */
function usePresent(): QueryClient {
  const here = useQueryClient();
  return useRewound() === null ? here : present;
}

const isOfPerson = (query: Query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "settings";

/** Long enough for the screen to be drawn anew: what is no longer shown has then stopped asking. */
const drawn = () => new Promise((done) => setTimeout(done));

/**
 * Somebody else may see other things. What they may do is known first, and what they may not see leaves the screen;
 * then what is still there is asked again and the rest forgotten; only then is the screen theirs.
 */
async function become(queryClient: QueryClient, me: Me, rid: string): Promise<void> {
  await queryClient.fetchQuery({ ...restaurantQuery(rid), staleTime: 0 }).catch(() => undefined);
  await drawn();
  queryClient.removeQueries({ type: "inactive", predicate: isOfPerson });
  void queryClient.resetQueries({ type: "active", predicate: isOfPerson });
  queryClient.setQueryData(meQuery.queryKey, me);
}

let hasArrived = false;

/** Whether somebody has just taken over; asking ends it. The frame stands anew then, so it cannot know by itself. */
export function takeArrival(): boolean {
  const arrived = hasArrived;
  hasArrived = false;
  return arrived;
}

export function useTakeOver(onDone?: (me: Me) => void) {
  const queryClient = usePresent();
  return useCommand({
    name: "session.person",
    secret: true,
    run: (body: { restaurant_id: string; pin: string }) =>
      quietly(
        (async () => {
          const me = await ask<Me>(api.PUT("/api/v1/sessions/current/person", { body }));
          hasArrived = true;
          comeBack();
          await become(queryClient, me, body.restaurant_id);
          return me;
        })(),
      ),
    onDone: (me) => onDone?.(me),
  });
}

export function useLock() {
  const queryClient = usePresent();
  return useCommand({
    name: "session.lock",
    run: () => ask(api.POST("/api/v1/sessions/current/lock")),
    onDone: () => {
      comeBack();
      queryClient.setQueryData(meQuery.queryKey, (me) => (me === undefined ? me : { ...me, locked: true }));
    },
  });
}

/** The screen was locked elsewhere, or the person left: the first refused answer says so. */
export function useNoticeLock(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const look = (error: unknown) => {
      if (error !== null && asApiError(error).code === "locked")
        void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
    };
    const queries = queryClient.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") look(event.action.error);
    });
    const writes = queryClient.getMutationCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") look(event.action.error);
    });
    return () => {
      queries();
      writes();
    };
  }, [queryClient]);
}

const TOUCHED = "comanda.touched";
/** How often it is looked at whether the screen has been idle too long. */
const LOOK_MS = 5_000;

/** Locks the screen when nobody has touched it for as long as the restaurant says; also after a reload. */
export function useIdleLock(): void {
  const minutes = useRestaurant()?.lock_after_minutes ?? null;
  const isHere = useMembership() !== undefined;
  const { mutate: lock } = useLock();
  useEffect(() => {
    if (minutes === null || !isHere) return undefined;
    let touched = Number(localStorage.getItem(TOUCHED) ?? Date.now());
    let kept = 0;
    const touch = () => {
      touched = Date.now();
      // Written now and then only: other tabs and a reload need no more.
      if (touched - kept > LOOK_MS) {
        kept = touched;
        localStorage.setItem(TOUCHED, String(touched));
      }
    };
    const look = () => {
      touched = Math.max(touched, Number(localStorage.getItem(TOUCHED) ?? 0));
      if (Date.now() - touched >= minutes * 60_000) {
        touch();
        lock();
      }
    };
    const events = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
    for (const event of events) window.addEventListener(event, touch, { passive: true });
    look();
    const timer = window.setInterval(look, LOOK_MS);
    return () => {
      window.clearInterval(timer);
      for (const event of events) window.removeEventListener(event, touch);
    };
  }, [minutes, isHere, lock]);
}
