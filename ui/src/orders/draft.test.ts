import { describe, expect, it } from "vitest";
import {
  addLine,
  changeQuantity,
  countOf,
  type DraftLine,
  emptyDraft,
  fromSaved,
  lineOf,
  toBody,
  totalOf,
  toNewLines,
} from "./draft";
import type { Menu } from "../api/types";
import type { Pickable } from "./picking";

const item = (id: string, price_minor: number): Pickable => ({
  id,
  name: id,
  price_minor,
  category: "c",
  category_id: "c",
  tax_rate_bp: 1000,
  station: "kitchen",
  available: true,
  position: 0,
  variants: [],
  group_ids: [],
  allergens: [],
  stock_tracked: false,
});

const menu: Menu = { categories: [], modifier_groups: [] };
const plain = { variant_id: null, modifiers: [] };

describe("a draft", () => {
  const pizza = item("pizza", 950);
  const addItem = (lines: DraftLine[], one: Pickable, quantity: number, key: string) =>
    addLine(lines, lineOf(menu, one, plain, quantity, key));
  const one = addItem([], pizza, 1, "a");

  it("counts the same item up instead of repeating it", () => {
    const three = addItem(one, pizza, 2, "b");
    expect(three).toHaveLength(1);
    expect(countOf(three)).toBe(3);
    expect(totalOf(three)).toBe(2850);
  });

  it("keeps an item with a note apart from the plain one", () => {
    const noted: DraftLine[] = one.map((line) => ({ ...line, note: "no basil" }));
    expect(addItem(noted, pizza, 1, "b").map((line) => line.quantity)).toEqual([1, 1]);
  });

  it("drops a line that comes to nothing and stops at the most", () => {
    expect(changeQuantity(one, "a", -1)).toEqual([]);
    expect(changeQuantity(one, "a", 500)[0]?.quantity).toBe(99);
  });

  it("is sent in thousandths, without empty fields", () => {
    expect(toNewLines(one)).toEqual([{ item_id: "pizza", quantity_milli: 1000 }]);
    expect(toNewLines(one.map((line) => ({ ...line, note: " hot ", seat: 2 })))).toEqual([
      { item_id: "pizza", quantity_milli: 1000, note: "hot", seat: 2 },
    ]);
  });

  it("comes back from the engine as it was, without what left the menu", () => {
    const kept = one.map((line) => ({ ...line, quantity: 2, course: 1, seat: 3 }));
    const body = toBody({ ...emptyDraft("d"), table: " 4 ", lines: kept }, null);
    expect(body.table).toBe("4");
    const gone = { item_id: "gone", quantity_milli: 1000 };
    const saved = { id: "d", saved_at_ms: 0, ...body, lines: [...(body.lines ?? []), gone] };
    const known = { categories: [{ id: "c", name: "c", position: 0, items: [pizza] }], modifier_groups: [] };
    const back = fromSaved(saved, known as Menu);
    expect(toBody(back, null)).toEqual(body);
    expect(totalOf(back.lines)).toBe(1900);
  });
});
