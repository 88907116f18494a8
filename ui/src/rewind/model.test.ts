import { expect, test } from "vitest";
import type { RewindCompared, RewindDay, RewindFigures } from "../api/types";
import { figures, hasOnlyBegun, slots } from "./model";

const QUARTER = 15 * 60_000;
const day = (bins: RewindDay["bins"]): RewindDay => ({
  business_date: "2026-06-12",
  from_ms: 0,
  to_ms: 96 * QUARTER,
  bins,
});

test("the line goes from the first thing to now, with the quiet quarters between", () => {
  const list = slots(
    day([
      { from_ms: 4 * QUARTER, actions: { open_order: 2, take_payment: 1 } },
      { from_ms: 6 * QUARTER, actions: { give_refund: 3 } },
    ]),
    11 * QUARTER + 1,
  );
  expect(list.map(({ sales, other }) => [sales, other])).toEqual([
    [1, 2],
    [0, 0],
    [3, 0],
    ...Array.from({ length: 5 }, () => [0, 0]),
  ]);
  expect(list.at(-1)?.to_ms).toBe(11 * QUARTER + 1);
});

test("a day on which nothing happened has no line, and a long one ends with its day", () => {
  expect(slots(day([]), 10 * QUARTER)).toEqual([]);
  const list = slots(day([{ from_ms: 94 * QUARTER, actions: { open_order: 1 } }]), 200 * QUARTER);
  expect(list.map((slot) => slot.from_ms / QUARTER)).toEqual([88, 89, 90, 91, 92, 93, 94, 95]);
});

test("a line of a few quarters begins with quiet ones, and never before its day", () => {
  const list = slots(day([{ from_ms: 2 * QUARTER, actions: { open_order: 1 } }]), 3 * QUARTER);
  expect(list.map((slot) => [slot.from_ms / QUARTER, slot.other])).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 0],
  ]);
});

test("a restaurant that was only opened has no past, and a quiet day of an older one has", () => {
  const opened = day([{ from_ms: 4 * QUARTER, actions: { create_restaurant: 1 } }]);
  expect(hasOnlyBegun(opened, 4 * QUARTER)).toBe(true);
  expect(hasOnlyBegun(opened, -1)).toBe(false);
  expect(hasOnlyBegun(opened, null)).toBe(false);
  const busy = day([{ from_ms: 4 * QUARTER, actions: { create_restaurant: 1, open_order: 2 } }]);
  expect(hasOnlyBegun(busy, 4 * QUARTER)).toBe(false);
});

test("figures that say nothing are left out, those always looked for stay", () => {
  const side = (voucher_minor: number) =>
    ({
      totals: {
        gross_minor: 0,
        net_minor: 0,
        tax_minor: 0,
        orders: 0,
        covers: 0,
        cash_minor: 0,
        card_minor: 0,
        voucher_minor,
        tips_minor: 0,
        discounts_minor: 0,
        comps_minor: 0,
        voids: { count: 0 },
        refunds: { minor: 0 },
      },
      open_orders: 0,
      open_minor: 0,
    }) as unknown as RewindFigures;
  const compared = { then: side(0), now: side(500) } as RewindCompared;
  expect(figures(compared).map(({ key }) => key)).toEqual([
    "gross",
    "net",
    "orders",
    "open",
    "openMinor",
    "voucher",
  ]);
  expect(figures(compared).at(-1)).toEqual({ key: "voucher", isMoney: true, then: 0, now: 500 });
});
