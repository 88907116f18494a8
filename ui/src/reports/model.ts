// Days asked for, as the address has them, and days put together for a chart. Pure.
import type { DayRow } from "../api/types";

export const presets = ["today", "yesterday", "week", "lastWeek", "month", "lastMonth", "custom"] as const;
export type Preset = (typeof presets)[number];

export interface Range {
  from: string;
  to: string;
}

/** Most days the engine puts into one report. */
export const DAYS_MAX = 1_100;

const DAY_MS = 86_400_000;
const asMs = (date: string) => Date.parse(`${date}T00:00:00Z`);
const asDate = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const addDays = (date: string, days: number) => asDate(asMs(date) + days * DAY_MS);
export const daysOf = (range: Range) => Math.round((asMs(range.to) - asMs(range.from)) / DAY_MS) + 1;

/** Weeks begin on Monday. */
export const mondayOf = (date: string) => addDays(date, -((new Date(asMs(date)).getUTCDay() + 6) % 7));
const firstOf = (date: string) => `${date.slice(0, 7)}-01`;

export function isDate(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(asMs(text));
}

/** The days of a choice, seen from the running business day. */
export function rangeOf(preset: Preset, today: string, from?: string, to?: string): Range {
  switch (preset) {
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "week":
      return { from: mondayOf(today), to: today };
    case "lastWeek":
      return { from: addDays(mondayOf(today), -7), to: addDays(mondayOf(today), -1) };
    case "month":
      return { from: firstOf(today), to: today };
    case "lastMonth": {
      const last = addDays(firstOf(today), -1);
      return { from: firstOf(last), to: last };
    }
    case "custom": {
      const end = isDate(to) ? to : today;
      const start = isDate(from) ? from : end;
      const range = start <= end ? { from: start, to: end } : { from: end, to: start };
      return daysOf(range) <= DAYS_MAX ? range : { from: addDays(range.to, 1 - DAYS_MAX), to: range.to };
    }
  }
}

export interface Bar {
  /** First day of what the bar stands for. */
  key: string;
  orders: number;
  minor: number;
  before_minor: number;
}

export type Step = "day" | "week" | "month";

/** A chart of more bars than this is a wall. */
const DAY_BARS = 45;
const WEEK_BARS = 60;

/** What one bar of a chart of these days stands for. */
export function stepOf(range: Range): Step {
  const days = daysOf(range);
  return days <= DAY_BARS ? "day" : days <= WEEK_BARS * 7 ? "week" : "month";
}

/** Every day, week or month of the range, those without sales too. */
export function barsOf(rows: DayRow[], range: Range): Bar[] {
  const step = stepOf(range);
  const keyOf = (date: string) => (step === "day" ? date : step === "week" ? mondayOf(date) : firstOf(date));
  const bars = new Map<string, Bar>();
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) {
    const key = keyOf(day);
    if (!bars.has(key)) bars.set(key, { key, orders: 0, minor: 0, before_minor: 0 });
  }
  for (const row of rows) {
    const bar = bars.get(keyOf(row.business_date));
    if (bar === undefined) continue;
    bar.orders += row.orders;
    bar.minor += row.gross_minor;
    bar.before_minor += row.before_minor;
  }
  return [...bars.values()];
}

/** How much more than before: 0.12 is 12 % more. Null: there is nothing to compare with. */
export const aheadOf = (now: number, before: number): number | null =>
  before === 0 ? null : (now - before) / before;
