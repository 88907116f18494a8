// Whether the kitchen screen may be believed, and how long food has waited. Pure.

/** Nothing heard for this long: the screen may lie, so the kitchen goes back to paper. */
export const SILENT_MS = 8_000;

export type Pulse = { alive: boolean; age_ms: number };

export function pulse(heard_at_ms: number, now_ms: number): Pulse {
  const age_ms = Math.max(0, now_ms - heard_at_ms);
  return { alive: heard_at_ms > 0 && age_ms < SILENT_MS, age_ms };
}

const MINUTE_MS = 60_000;

/** When timers turn, as the restaurant set it. */
export interface Times {
  amber_minutes: number;
  red_minutes: number;
}

export function urgency(waiting_ms: number, times: Times): "calm" | "amber" | "red" {
  if (waiting_ms >= times.red_minutes * MINUTE_MS) return "red";
  return waiting_ms >= times.amber_minutes * MINUTE_MS ? "amber" : "calm";
}

/** "9:05" for a glance across the kitchen; hours only when there are some. */
export function timer(waiting_ms: number): string {
  const seconds = Math.max(0, Math.floor(waiting_ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const pad = (n: number) => String(n).padStart(2, "0");
  return minutes < 60
    ? `${minutes}:${pad(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}
