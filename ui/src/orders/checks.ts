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
  const owing = order.checks.filter((one) => one.due_minor > 0);
  return owing.find((one) => one.id === picked) ?? owing[0] ?? null;
}
