// What the page works out from what the engine says. Pure.
import type { BackupBase, BackupsOverview, BackupWindow } from "../api/types";

/** Short spans to a tenth of a second: 1_120 -> "1.1 s" */
export function brief(ms: number, locale: string): string {
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(ms / 1000)} s`;
}

/** Bases that were brought back and found right in every place they are in. */
export function isVerified(base: BackupBase): boolean {
  return base.targets.length > 0 && base.targets.every((at) => at.state === "verified");
}

export function hasFailed(base: BackupBase): boolean {
  return base.targets.some((at) => at.state === "failed");
}

/** From when to when the time line shows: at least an hour, at most what can be gone back to. */
export function span(overview: BackupsOverview): { from: number; to: number } {
  const to = overview.now_ms;
  const from = Math.min(...overview.windows.map((window) => window.from_ms), to - 3_600_000);
  return { from, to };
}

/** The stretch a moment lies in: the newest that had begun. Null: it cannot be gone back to. */
export function windowOf(at: number, windows: BackupWindow[], now_ms: number): BackupWindow | null {
  const begun = windows.filter((window) => window.from_ms <= at);
  const newest = begun.reduce<BackupWindow | null>(
    (best, window) => (best === null || window.epoch >= best.epoch ? window : best),
    null,
  );
  if (newest === null || at > now_ms) return null;
  // After its last command nothing happened until somebody did something: that is a moment too, unless a piece is missing.
  return newest.missing != null && at > newest.to_ms ? null : newest;
}

/** Days under the line, at most eight. */
export function days(from: number, to: number): number[] {
  const step = Math.max(1, Math.ceil((to - from) / 86_400_000 / 7)) * 86_400_000;
  const shorter = to - from < 2 * 86_400_000 ? Math.max(600_000, (to - from) / 6) : step;
  const marks: number[] = [];
  for (let at = from; at < to - shorter / 2; at += shorter) marks.push(at);
  return marks;
}
