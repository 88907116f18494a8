// What a link's state and queue mean to the person at the desk. Pure.
import type { SyncOverview } from "../api/types";
import type { Tone } from "../kit/Pill";

export type LinkState = NonNullable<SyncOverview["link"]>["state"];
export type Word = "in_step" | "waiting" | "away" | "away_waiting" | "copying" | "stopped" | "connecting";

/** One word and its colour. What waits is only said where it does not go by itself in a moment. */
export function standing(state: LinkState, waiting: number): { word: Word; tone: Tone } {
  switch (state) {
    case "stopped":
      return { word: "stopped", tone: "bad" };
    case "away":
      return { word: waiting > 0 ? "away_waiting" : "away", tone: "warn" };
    case "copying":
      return { word: "copying", tone: "info" };
    case "connecting":
      return { word: waiting > 0 ? "waiting" : "connecting", tone: "mute" };
    case "catching_up":
      return { word: "waiting", tone: "info" };
    case "in_step":
      return waiting > 0 ? { word: "waiting", tone: "info" } : { word: "in_step", tone: "ok" };
  }
}

/** Heard within this long, a device is said to be there. It asks again every half minute at the latest. */
export const HERE_MS = 60_000;

/** Whether other desks can reach an engine at this address at all. */
export function isReachable(origin: string): boolean {
  try {
    return !/^(localhost|127\.|\[::1\]|tauri)/.test(new URL(origin).hostname);
  } catch {
    return false;
  }
}

/** Minutes and seconds: "9:05". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** An address as people type it. */
export function shown(address: string): string {
  return address.replace(/^http:\/\//, "").replace(/\/$/, "");
}

export type Readiness = NonNullable<SyncOverview["readiness"]>;

/** How far a spare is: in step, behind, or not known yet. */
export function readyWord(readiness: Readiness): { word: "in_step" | "behind" | "unknown"; tone: Tone } {
  if (readiness.behind_ms == null) return { word: "unknown", tone: "mute" };
  if (readiness.behind_ms === 0 && (readiness.behind_commands ?? 0) === 0)
    return { word: "in_step", tone: "ok" };
  return { word: "behind", tone: "warn" };
}
