import { describe, expect, it } from "vitest";
import { addItem, changeQuantity, countOf, type DraftLine, totalOf, toNewLines } from "./draft";
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

describe("a draft", () => {
  const pizza = item("pizza", 950);
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
});
