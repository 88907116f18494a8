// Puts the hours of two business days beside each other. Pure.
import type { Today } from "../api/types";

export interface HourPair {
  hour: number;
  orders: number;
  gross_minor: number;
  last_week_minor: number;
}

/** A day shorter than this on the chart looks like a fence of three posts. */
const HOURS_MIN = 10;

/** The hours that had sales on either day, in the order of the business day, padded to a readable width. */
export function pairHours(
  today: Pick<Today, "by_hour" | "last_week_by_hour">,
  cutoffMinute: number,
): HourPair[] {
  const start = Math.floor(cutoffMinute / 60);
  const all = Array.from({ length: 24 }, (_, index): HourPair => {
    const hour = (start + index) % 24;
    const now = today.by_hour.find((one) => one.hour === hour);
    const before = today.last_week_by_hour.find((one) => one.hour === hour);
    return {
      hour,
      orders: now?.orders ?? 0,
      gross_minor: now?.gross_minor ?? 0,
      last_week_minor: before?.gross_minor ?? 0,
    };
  });
  const hasSales = (pair: HourPair) =>
    pair.orders > 0 || pair.gross_minor !== 0 || pair.last_week_minor !== 0;
  let from = all.findIndex(hasSales);
  let to = all.findLastIndex(hasSales);
  if (from === -1) return [];
  while (to - from + 1 < HOURS_MIN) {
    if (from > 0) from -= 1;
    if (to < all.length - 1) to += 1;
  }
  return all.slice(from, to + 1);
}

/**
 * How the finished hours of today stand against the same hours a week ago: 0.12 is 12 % more. Null when there is
 * nothing to compare with. The running hour is left out: half an hour against a whole one would always look bad.
 */
export function aheadOfLastWeek(pairs: HourPair[], runningHour: number, cutoffMinute: number): number | null {
  const start = Math.floor(cutoffMinute / 60);
  const sinceStart = (hour: number) => (hour - start + 24) % 24;
  const finished = pairs.filter((pair) => sinceStart(pair.hour) < sinceStart(runningHour));
  const now = finished.reduce((sum, pair) => sum + pair.gross_minor, 0);
  const before = finished.reduce((sum, pair) => sum + pair.last_week_minor, 0);
  return before === 0 ? null : (now - before) / before;
}
