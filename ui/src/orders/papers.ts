// What of an order can be had on paper: a bill of what is owed, a receipt of what was paid. Pure.
import type { Check, CheckPaper, Order } from "../api/types";

type Owed = Pick<Check, "id" | "number" | "due_minor" | "paid_minor">;

export interface OnPaper {
  check_id: string;
  number: string;
  /** The likeliest first. */
  papers: CheckPaper[];
}

/** Each check with its papers; an order that is not split is its own check. */
export function onPaper(order: Order): OnPaper[] {
  if (order.state === "cancelled" || order.lines_count === 0) return [];
  const { due_minor, paid_minor } = order.totals;
  const whole: Owed = { id: order.id, number: order.number, due_minor, paid_minor };
  const checks: Owed[] = order.checks.length > 0 ? order.checks : [whole];
  return checks.map(({ id, number, due_minor, paid_minor }) => ({
    check_id: id,
    number,
    papers: [
      ...(due_minor > 0 ? ["bill" as const] : []),
      ...(due_minor <= 0 || paid_minor > 0 ? ["receipt" as const] : []),
    ],
  }));
}

/** What is asked for next: the check that was named, else the first that owes something. */
export function likeliest(all: OnPaper[], check_id: string | null): OnPaper | undefined {
  return (
    all.find((one) => one.check_id === check_id) ?? all.find((one) => one.papers[0] === "bill") ?? all[0]
  );
}
