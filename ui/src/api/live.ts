// The engine's live line. `changed` names the features that a commit touched and every query whose key begins
// with one of them is fetched again; `hello` on (re)connect says whether anything was missed meanwhile.
import { useSyncExternalStore } from "react";
import type { Query, QueryClient } from "@tanstack/react-query";
import type { Socket } from "socket.io-client";
import { paced } from "../app/away";
import { engineOrigin } from "./client";

export interface LiveState {
  status: "off" | "connecting" | "connected" | "lost";
  /** When this status began. */
  since_ms: number;
  /** Last position of the restaurant's record this screen has heard of. */
  entry: number | null;
}

let state: LiveState = { status: "off", since_ms: Date.now(), entry: null };
let socket: Socket | null = null;
let client: QueryClient | null = null;
let lookAgain: number | undefined;
/** How far each room was followed: what was read of a restaurant before another was looked at may be old by now. */
const heard = new Map<string, number>();

/** While the line is down nobody tells us of changes, so what is on screen is asked for at this pace. */
const LOOK_AGAIN_MS = 5_000;
const listeners = new Set<() => void>();

/** A table calls, as the event says it. */
export interface WaiterCall {
  table_id: string;
  table: string;
  wants: "waiter" | "bill";
}
const callListeners = new Set<(call: WaiterCall) => void>();

/** Hears of tables that call, from the moment they do; gives a way to stop. */
export function onWaiterCall(hear: (call: WaiterCall) => void): () => void {
  callListeners.add(hear);
  return () => callListeners.delete(hear);
}

/** While nobody tells us: what is on screen is asked for again, less often while nobody answers either. */
function look(): void {
  void client?.invalidateQueries({ type: "active" });
  lookAgain = window.setTimeout(look, paced(LOOK_AGAIN_MS));
}

function become(status: LiveState["status"], entry: number | null = state.entry): void {
  const was = state.status;
  const since_ms = status === state.status ? state.since_ms : Date.now();
  state = { status, since_ms, entry };
  if (status === "lost") {
    lookAgain ??= window.setTimeout(look, paced(LOOK_AGAIN_MS));
  } else {
    window.clearTimeout(lookAgain);
    lookAgain = undefined;
    // It is there again: what was asked in vain meanwhile is asked now, and not when its pause is over.
    if (status === "connected" && was === "lost")
      void client?.invalidateQueries({ predicate: (query) => query.state.fetchFailureCount > 0 });
  }
  for (const tell of listeners) tell();
}

export async function openLive(
  queryClient: QueryClient,
  token: string,
  restaurantId: string,
  practice = false,
): Promise<void> {
  closeLive();
  client = queryClient;
  become("connecting", null);
  const room = `${restaurantId} ${practice}`;
  const { io } = await import("socket.io-client");
  const line = io(engineOrigin() === "" ? window.location.origin : engineOrigin(), {
    path: "/socket.io",
    auth: { token, restaurant_id: restaurantId, practice },
    reconnectionDelayMax: 3_000,
    transports: ["websocket"],
  });
  socket = line;
  line.on("hello", ({ entry }: { entry: number }) => {
    if (heard.has(room) && heard.get(room) !== entry) void queryClient.invalidateQueries();
    heard.set(room, entry);
    become("connected", entry);
  });
  line.on("connect", () => become("connected"));
  line.on("changed", ({ features, entry }: { features: string[]; entry: number }) => {
    heard.set(room, entry);
    become("connected", entry);
    announce(features);
  });
  line.on("table:call_waiter", (call: WaiterCall) => {
    for (const hear of callListeners) hear(call);
  });
  const lose = () => {
    become("lost");
    // Whom the engine itself sent away does not come back by itself; while a file is exchanged that is everybody.
    if (!line.active) window.setTimeout(() => line === socket && line.connect(), LOOK_AGAIN_MS);
  };
  line.on("disconnect", lose);
  line.on("connect_error", lose);
}

export function closeLive(): void {
  socket?.close();
  socket = null;
  become("off", null);
}

/** What changed while somebody takes over; null: nobody does. */
let heldBack: Set<string> | null = null;

/**
 * While somebody takes over, what is on screen is still that of whoever was there: nobody fetches it again in the name of
 * who comes. What changed meanwhile is fetched when the screen is theirs.
 */
export async function quietly<T>(takeOver: Promise<T>): Promise<T> {
  heldBack ??= new Set();
  try {
    return await takeOver;
  } finally {
    const features = [...(heldBack ?? [])];
    heldBack = null;
    if (features.length > 0) announce(features);
  }
}

/** The one loop that refreshes the screen. */
function announce(features: string[]): void {
  if (heldBack !== null) for (const feature of features) heldBack.add(feature);
  else if (client !== null) void refresh(client, features, window.location.pathname);
}

/** Pages that are not called by the feature they show. */
const SHOWS: Record<string, string> = { tables: "floor" };

/**
 * Fetches again what a change touched: what the page at this path shows, and once that is there what is counted
 * beside it. All at once, the engine would have the ticket a cook waits for in one queue with the numbers of the rail.
 */
export async function refresh(queryClient: QueryClient, features: string[], path: string): Promise<void> {
  const page = path.split("/")[1] ?? "";
  const shown = SHOWS[page] ?? page;
  await fetchAgain(queryClient, (feature) => feature === shown && features.includes(shown));
  await fetchAgain(queryClient, (feature) => feature !== shown && features.includes(feature));
}

/** What is on its way for the first time may have been read before the change: it is asked for once more. */
async function fetchAgain(queryClient: QueryClient, isTouched: (feature: string) => boolean): Promise<void> {
  const predicate = ({ queryKey: [feature] }: Query) => isTouched(String(feature));
  const asking = queryClient.getQueryCache().findAll({ predicate, fetchStatus: "fetching" });
  const first = asking.filter((query) => query.state.data === undefined);
  await queryClient.invalidateQueries({ predicate });
  if (first.length > 0) await queryClient.invalidateQueries({ predicate: (query) => first.includes(query) });
}

/** After a press while the line is down nobody will tell us what changed: fetch what is on screen again. */
export function announceIfDeaf(): void {
  if (state.status !== "connected") void client?.invalidateQueries({ type: "active" });
}

export function liveState(): LiveState {
  return state;
}
export function useLive(): LiveState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, liveState);
}
