// The lines that are being taken, before they are an order. Pure rules; the engine keeps the draft (drafts.ts).
import type { DraftBody, Menu, ModifierWish, NewLine, OrderSummary, SavedDraft } from "../api/types";
import { type Choice, groupsOf, inWords, priceOf, usual } from "./choices";
import { type Pickable, pickables } from "./picking";

export interface DraftLine {
  key: string;
  item_id: string;
  variant_id: string | null;
  modifiers: ModifierWish[];
  /** With its size. */
  name: string;
  /** What was chosen with it. */
  chosen: string;
  price_minor: number;
  quantity: number;
  note: string;
  seat: number | null;
  course: number | null;
}
export interface Draft {
  /** Tells two drafts with the same contents apart: each is a wish of its own. */
  id: string;
  service: OrderSummary["service"];
  table: string;
  /** NaN while what was typed is no number of people: then the order is not opened. */
  covers: number | null;
  note: string;
  /** Which check of a split order the lines go to; null: the first. */
  check: string | null;
  lines: DraftLine[];
}

export const QUANTITY_MAX = 99;
const isNumber = (value: number | null): value is number => value !== null && !Number.isNaN(value);

/** Something was typed that is no number of covers, seat or course. */
export const isUnread = (draft: Draft): boolean =>
  draft.lines.some((line) => Number.isNaN(line.seat) || Number.isNaN(line.course)) ||
  (draft.service === "dine_in" && Number.isNaN(draft.covers));
export const COVERS_MIN = 1;
export const COVERS_MAX = 999;
export const NOTE_MAX = 500;

export const emptyDraft = (id: string): Draft => ({
  id,
  service: "dine_in",
  table: "",
  covers: null,
  note: "",
  check: null,
  lines: [],
});

/** A line of an item as it was chosen, priced by the menu of now. */
export function lineOf(menu: Menu, item: Pickable, choice: Choice, quantity: number, key: string): DraftLine {
  const groups = groupsOf(menu.modifier_groups);
  const variant = item.variants.find((one) => one.id === choice.variant_id);
  return {
    key,
    item_id: item.id,
    variant_id: variant?.id ?? null,
    modifiers: choice.modifiers,
    name: variant === undefined ? item.name : `${item.name}, ${variant.name}`,
    chosen: inWords(groups, choice.modifiers),
    price_minor: priceOf(item, choice, groups),
    quantity,
    note: "",
    seat: null,
    course: null,
  };
}

const isPlain = (line: DraftLine) => line.note === "" && line.seat === null && line.course === null;
const sameChoice = (a: DraftLine, b: DraftLine) =>
  a.item_id === b.item_id &&
  a.variant_id === b.variant_id &&
  JSON.stringify(a.modifiers) === JSON.stringify(b.modifiers);

/** One more of the item: on its plain line if there is one, else on a new line at the end. */
export function addLine(lines: DraftLine[], line: DraftLine): DraftLine[] {
  const same = lines.find((other) => isPlain(other) && sameChoice(other, line));
  return same === undefined ? [...lines, line] : changeQuantity(lines, same.key, line.quantity);
}

/** A line that comes to nothing is gone. */
export function changeQuantity(lines: DraftLine[], key: string, by: number): DraftLine[] {
  return lines
    .map((line) =>
      line.key === key ? { ...line, quantity: Math.min(QUANTITY_MAX, line.quantity + by) } : line,
    )
    .filter((line) => line.quantity > 0);
}

export function totalOf(lines: DraftLine[]): number {
  return lines.reduce((sum, line) => sum + line.price_minor * line.quantity, 0);
}

export function countOf(lines: DraftLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

export function toNewLines(lines: DraftLine[]): NewLine[] {
  return lines.map((line) => ({
    item_id: line.item_id,
    quantity_milli: line.quantity * 1000,
    ...(line.variant_id === null ? {} : { variant_id: line.variant_id }),
    ...(line.modifiers.length === 0 ? {} : { modifiers: line.modifiers }),
    ...(line.note.trim() === "" ? {} : { note: line.note.trim() }),
    ...(isNumber(line.seat) ? { seat: line.seat } : {}),
    ...(isNumber(line.course) ? { course: line.course } : {}),
  }));
}

export function toBody(draft: Draft, order_id: string | null): DraftBody {
  const table = draft.table.trim();
  const note = draft.note.trim();
  return {
    service: draft.service,
    lines: toNewLines(draft.lines),
    ...(order_id === null ? {} : { order_id }),
    ...(order_id === null || draft.check === null ? {} : { check_id: draft.check }),
    ...(table === "" ? {} : { table }),
    ...(isNumber(draft.covers) ? { covers: draft.covers } : {}),
    ...(note === "" ? {} : { note }),
  };
}

/** A kept draft in the words and prices of the menu; what is not on the menu any more is left out. */
export function fromSaved(saved: SavedDraft, menu: Menu): Draft {
  const items = new Map(pickables(menu.categories).map((item) => [item.id, item]));
  return {
    id: saved.id,
    service: saved.service,
    table: saved.table ?? "",
    covers: saved.covers ?? null,
    note: saved.note ?? "",
    check: saved.check_id ?? null,
    lines: (saved.lines ?? []).flatMap((line, at) => {
      const item = items.get(line.item_id);
      if (item === undefined) return [];
      const choice = {
        variant_id: line.variant_id ?? usual(item).variant_id,
        modifiers: line.modifiers ?? [],
      };
      const quantity = Math.max(1, Math.round((line.quantity_milli ?? 1000) / 1000));
      const { note, seat, course } = line;
      const taken = lineOf(menu, item, choice, quantity, `${saved.id}-${at}`);
      return [{ ...taken, note: note ?? "", seat: seat ?? null, course: course ?? null }];
    }),
  };
}
