// What the rewind page works out: the bars of a day, and what has become of its figures. Pure.
import type { RewindCompared, RewindDay, RewindFigures } from "../api/types";

export interface Slot {
  from_ms: number;
  to_ms: number;
  sales: number;
  other: number;
}

const SLOT_MS = 15 * 60_000;
/** Fewer would be blocks and no line. */
const SLOTS_MIN = 8;
/** A restaurant that has done no more than this has only been opened. */
const OPENING_ACTIONS_MAX = 2;
const SALES = new Set(["take_payment", "give_refund", "record_sales"]);

/** Whether all that happened is that the restaurant was opened: there is nothing to look back at. */
export function hasOnlyBegun(day: RewindDay, begins_ms: number | null): boolean {
  const counts = day.bins.flatMap((bin) => Object.values(bin.actions));
  const sum = counts.reduce((all, count) => all + count, 0);
  return begins_ms !== null && begins_ms >= day.from_ms && sum > 0 && sum <= OPENING_ACTIONS_MAX;
}

/**
 * Every quarter of an hour from the first in which something happened to the last, those without anything too; where
 * that is few, some of the quiet ones before.
 */
export function slots(day: RewindDay, now_ms: number): Slot[] {
  const end = Math.min(day.to_ms, now_ms);
  const happened = day.bins[0]?.from_ms;
  if (happened === undefined) return [];
  const there = Math.ceil((end - happened) / SLOT_MS);
  const room = Math.floor((happened - day.from_ms) / SLOT_MS);
  const first = happened - Math.max(0, Math.min(SLOTS_MIN - there, room)) * SLOT_MS;
  const bins = new Map(day.bins.map((bin) => [bin.from_ms, bin.actions]));
  const list: Slot[] = [];
  for (let from_ms = first; from_ms <= end && from_ms < day.to_ms; from_ms += SLOT_MS) {
    const actions = Object.entries(bins.get(from_ms) ?? {});
    const sum = (isSale: boolean) =>
      actions.filter(([name]) => SALES.has(name) === isSale).reduce((all, [, count]) => all + count, 0);
    list.push({ from_ms, to_ms: Math.min(from_ms + SLOT_MS, end), sales: sum(true), other: sum(false) });
  }
  return list;
}

export interface Figure {
  key:
    | "gross"
    | "net"
    | "tax"
    | "orders"
    | "covers"
    | "open"
    | "openMinor"
    | "cash"
    | "card"
    | "voucher"
    | "tips"
    | "discounts"
    | "comps"
    | "voids"
    | "refunds";
  isMoney: boolean;
  then: number;
  now: number;
}

/** Figures that say something: those always looked for, and the others where there is anything. */
export function figures({ then, now }: RewindCompared): Figure[] {
  const figure = (
    key: Figure["key"],
    isMoney: boolean,
    isAlways: boolean,
    read: (side: RewindFigures) => number,
  ): Figure[] => {
    const both = { key, isMoney, then: read(then), now: read(now) };
    return isAlways || both.then !== 0 || both.now !== 0 ? [both] : [];
  };
  return [
    ...figure("gross", true, true, (side) => side.totals.gross_minor),
    ...figure("net", true, true, (side) => side.totals.net_minor),
    ...figure("tax", true, false, (side) => side.totals.tax_minor),
    ...figure("orders", false, true, (side) => side.totals.orders),
    ...figure("covers", false, false, (side) => side.totals.covers),
    ...figure("open", false, true, (side) => side.open_orders),
    ...figure("openMinor", true, true, (side) => side.open_minor),
    ...figure("cash", true, false, (side) => side.totals.cash_minor ?? 0),
    ...figure("card", true, false, (side) => side.totals.card_minor ?? 0),
    ...figure("voucher", true, false, (side) => side.totals.voucher_minor ?? 0),
    ...figure("tips", true, false, (side) => side.totals.tips_minor),
    ...figure("discounts", true, false, (side) => side.totals.discounts_minor),
    ...figure("comps", true, false, (side) => side.totals.comps_minor),
    ...figure("voids", false, false, (side) => side.totals.voids.count),
    ...figure("refunds", true, false, (side) => side.totals.refunds.minor),
  ];
}
