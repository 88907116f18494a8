// The lines of an order as the pane shows them: what went to the kitchen together stands together, what is held
// comes last. Pure.
import type { Line, Order, OrderSummary } from "../api/types";

/** Courses that are chosen by pressing; higher ones are typed. */
export const COURSE_PRESSED_MAX = 4;

export interface LineGroup {
  key: string;
  kind: "held" | "fired" | "served" | "voided";
  fired_at_ms: number | null;
  lines: Line[];
  /** Of the lines that count: how many are ready or on the table, and how many there are. */
  ready: number;
  count: number;
}

const inKitchen = (line: Line) =>
  line.state === "fired" || line.state === "preparing" || line.state === "ready";

export function groupLines(lines: Line[]): LineGroup[] {
  const rounds = new Map<number | null, Line[]>();
  for (const line of lines) {
    const round = line.fired_at_ms ?? null;
    rounds.set(round, [...(rounds.get(round) ?? []), line]);
  }
  return [...rounds.entries()]
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([fired_at_ms, members]) => {
      const sold = members.filter((line) => line.state !== "voided");
      const kind =
        sold.length === 0
          ? "voided"
          : fired_at_ms === null
            ? "held"
            : sold.every((line) => line.state === "served")
              ? "served"
              : "fired";
      return {
        key: String(fired_at_ms),
        kind,
        fired_at_ms,
        lines: members,
        ready: sold.filter((line) => line.state === "ready" || line.state === "served").length,
        count: sold.length,
      };
    });
}

/** What was given back of a line; nothing: an empty list. */
export function backOf(order: Order, line: Line): { quantity_milli: number; minor: number }[] {
  const back = order.refunds.flatMap((refund) => refund.lines.filter((one) => one.line_id === line.id));
  if (back.length === 0) return [];
  return [
    {
      quantity_milli: back.reduce((sum, one) => sum + (one.quantity_milli ?? line.quantity_milli), 0),
      minor: back.reduce((sum, one) => sum + one.amount_minor, 0),
    },
  ];
}

/** How many dishes these are: two of one line are two, half a kilo is one. */
export const pieces = (lines: Line[]): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.round(line.quantity_milli / 1000)), 0);

export const heldLines = (order: Order) => order.lines.filter((line) => line.state === "held");
/** The lowest course that is held; null when nothing held has one. */
export function nextCourse(held: Line[]): number | null {
  const courses = held.flatMap((line) => (line.course == null ? [] : [line.course]));
  return courses.length === 0 ? null : Math.min(...courses);
}
/** What a waiter can carry out: ready lines; with none ready, all that the kitchen has. */
export function servableLines(order: Order): Line[] {
  const ready = order.lines.filter((line) => line.state === "ready");
  return ready.length > 0 ? ready : order.lines.filter(inKitchen);
}

/** Food in the kitchen longer than this since the order was opened is late. */
export const LATE_KITCHEN_MS = 25 * 60_000;
/** A table that sat this long with nothing in the kitchen waits too long. */
export const LATE_TAKING_MS = 15 * 60_000;

export function isLate(order: OrderSummary, now_ms: number): boolean {
  const age = now_ms - order.opened_at_ms;
  if (order.stage === "kitchen") return order.lines_fired > 0 && age > LATE_KITCHEN_MS;
  return order.stage === "taking" && age > LATE_TAKING_MS;
}
