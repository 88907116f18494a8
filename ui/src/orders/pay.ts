// What a guest hands over and gets back, in minor units. Pure. The engine has the last word on every sum; this is
// what the screen says before the button is pressed.

/** What is taken in cash for what is due, with the smallest coin `unit` (0: exact). */
export function cashDue(
  due: number,
  unit: number,
  rounding: "half_up" | "half_even",
): { cash: number; rounding: number } {
  if (unit <= 1) return { cash: due, rounding: 0 };
  const whole = Math.floor(due / unit);
  const rest = due - whole * unit;
  const isTie = rest * 2 === unit;
  const up = rest * 2 > unit || (isTie && (rounding === "half_up" || whole % 2 === 1));
  const cash = (up ? whole + 1 : whole) * unit;
  return { cash, rounding: cash - due };
}

export type Back = { kind: "exact" | "change" | "missing"; minor: number };

/** What goes back to the guest, or is still missing. Nothing tendered means the exact sum. */
export function back(needed: number, tendered: number | null): Back {
  if (tendered === null || tendered === needed) return { kind: "exact", minor: 0 };
  return tendered > needed
    ? { kind: "change", minor: tendered - needed }
    : { kind: "missing", minor: needed - tendered };
}

/** Sums people hand over for `needed`: the next round ones up to five times as much, at most `count`. */
export function quickAmounts(needed: number, count = 3): number[] {
  if (needed <= 0) return [];
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(needed)) - 1);
  const sums = [5, 10, 20, 50, 100].map((step) => Math.ceil(needed / (step * digit)) * step * digit);
  return [...new Set(sums)]
    .filter((sum) => sum > needed && sum <= 5 * needed)
    .sort((a, b) => a - b)
    .slice(0, count);
}

/** What goes back in cash of a card that brings more than is due. Null: too little for the smallest coin. */
export function cashBack(
  due: number,
  onCard: number,
  unit: number,
  rounding: "half_up" | "half_even",
): number | null {
  if (onCard <= due) return null;
  const { cash } = cashDue(onCard - due, unit, rounding);
  return cash > 0 ? cash : null;
}
