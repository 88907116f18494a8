// The checks of an order, as the screens divide it. Pure.
import type { Check, Line, Order, Payment, Refundable } from "../api/types";

type Tender = Payment["tender"];

/** Where a line or a payment is; one that names no check is on the first, which has the order's id. */
const placeOf = (order: Order, of: { check_id?: string | null } | undefined): string =>
  order.checks.some((one) => one.id === of?.check_id) ? (of?.check_id ?? order.id) : order.id;

/** The lines sold on a check. */
export function linesOn(order: Order, check: string): Line[] {
  return order.lines.filter((line) => line.state !== "voided" && placeOf(order, line) === check);
}

/** How many seats have something. */
export const seatsOf = (order: Order): number =>
  new Set(order.lines.flatMap((line) => (line.state === "voided" || line.seat == null ? [] : [line.seat])))
    .size;

/** The check a line is on, where there are several to tell apart; equal shares have no lines of their own. */
export function checkOf(order: Order, line_id: string): Check | null {
  const own = order.checks.filter((one) => one.share_of == null);
  const line = order.lines.find((one) => one.id === line_id);
  if (own.length < 2 || line === undefined) return null;
  return own.find((one) => one.id === placeOf(order, line)) ?? null;
}

/** How what is given back was paid: as the newest payment of the first line's check, else as the newest of all. */
export function tenderOf(order: Order, can: Refundable, lines: string[]): Tender | null {
  const open = can.payments.filter((payment) => payment.left_minor > 0);
  const line = order.lines.find((one) => one.id === lines[0]);
  const isTheirs = (payment: Refundable["payments"][number]) =>
    line !== undefined &&
    placeOf(
      order,
      order.payments.find((one) => one.id === payment.payment_id),
    ) === placeOf(order, line);
  return (open.findLast(isTheirs) ?? open.at(-1))?.tender ?? null;
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
