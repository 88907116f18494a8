// The lines that are being taken, before the engine knows of them. Pure rules, and where the draft waits when a
// dialog closes: nothing typed is lost by Escape or a reload.
import { useState } from "react";
import type { NewLine, OrderSummary } from "../api/types";
import { v7 as uuidv7 } from "uuid";
import type { Pickable } from "./picking";

export interface DraftLine {
  key: string;
  item_id: string;
  name: string;
  price_minor: number;
  quantity: number;
  note: string;
  seat: number | null;
}
export interface Draft {
  /** Tells two drafts with the same contents apart: each is a wish of its own. */
  id: string;
  service: OrderSummary["service"];
  table: string;
  covers: number | null;
  note: string;
  lines: DraftLine[];
}

export const QUANTITY_MAX = 99;

export const emptyDraft = (id: string): Draft => ({
  id,
  service: "dine_in",
  table: "",
  covers: null,
  note: "",
  lines: [],
});

/** One more of the item: on its plain line if there is one, else on a new line at the end. */
export function addItem(lines: DraftLine[], item: Pickable, quantity: number, key: string): DraftLine[] {
  const same = lines.find((line) => line.item_id === item.id && line.note === "" && line.seat === null);
  if (same !== undefined) return changeQuantity(lines, same.key, quantity);
  const { id: item_id, name, price_minor } = item;
  return [...lines, { key, item_id, name, price_minor, quantity, note: "", seat: null }];
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
    ...(line.note.trim() === "" ? {} : { note: line.note.trim() }),
    ...(line.seat === null ? {} : { seat: line.seat }),
  }));
}

function load(name: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

/** A draft that outlives its dialog. `place` names it: a restaurant's next order, or more lines for one. */
export function useDraft(place: string) {
  const name = `comanda.draft.${place}`;
  const [draft, setDraft] = useState<Draft>(() => load(name) ?? emptyDraft(uuidv7()));
  const keep = (next: Draft) => {
    setDraft(next);
    try {
      sessionStorage.setItem(name, JSON.stringify(next));
    } catch {
      // Without storage the draft lives as long as the page.
    }
  };
  const clear = () => {
    sessionStorage.removeItem(name);
    setDraft(emptyDraft(uuidv7()));
  };
  return { draft, keep, clear };
}
