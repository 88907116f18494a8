// From when to when the audit is looked through: wall times of the restaurant, or whole days. Pure.
import { instantOf } from "../kit/wall";

const DAY = /^\d{4}-\d\d-\d\d$/;
const MINUTE_MS = 60_000;

/** What a field shows: a day alone begins, or ends, with this time. */
export const fieldOf = (wall: string | undefined, time: "T00:00" | "T23:59"): string =>
  wall === undefined ? "" : DAY.test(wall) ? wall + time : wall;

/** The minute of the end is still in it. Null: no bound. */
export function span(
  wall: { from?: string | undefined; to?: string | undefined },
  zone: string,
): { from: number | null; to: number | null } {
  const to = instantOf(fieldOf(wall.to, "T23:59"), zone);
  return {
    from: instantOf(fieldOf(wall.from, "T00:00"), zone),
    to: to === null ? null : to + MINUTE_MS,
  };
}
