// The checks of an order, as the screens divide it. Pure.
import type { Check, Line, Order } from "../api/types";

/** The lines sold on a check; a line that names none is on the first, which has the order's id. */
export function linesOn(order: Order, check: string): Line[] {
  const known = new Set(order.checks.map((one) => one.id));
  const placeOf = (line: Line) =>
    line.check_id != null && known.has(line.check_id) ? line.check_id : order.id;
  return order.lines.filter((line) => line.state !== "voided" && placeOf(line) === check);
}

/** What is paid next: the check that was picked while it owes something, else the first that does. */
export function checkToPay(order: Order, picked: string | null): Check | null {
  const owing = order.checks.filter((one) => openOf(one) > 0);
  return owing.find((one) => one.id === picked) ?? owing[0] ?? null;
}

/** Due, less what is asked of a card that has not answered. */
export const openOf = (check: Check): number => Math.max(0, check.due_minor - check.pending_minor);

/** What can be paid now, of the check that is next or of the order that has one. */
export function toPay(order: Order, picked: string | null): number {
  if (order.checks.length > 0) {
    const check = checkToPay(order, picked);
    return check === null ? 0 : openOf(check);
  }
  const pending = (order.attempts ?? []).filter((attempt) => attempt.state === "pending");
  return Math.max(0, order.totals.due_minor - pending.reduce((sum, one) => sum + one.amount_minor, 0));
}
