import { describe, expect, it } from "vitest";
import type { Menu } from "../api/types";
import { rowsOf, withCategory, withItem } from "./model";

const item = (id: string, category_id: string, name: string, position = 0) => ({
  id,
  category_id,
  name,
  price_minor: 100,
  tax_rate_bp: 1000,
  station: "kitchen" as const,
  available: true,
  position,
  variants: [],
  group_ids: [],
  allergens: [],
  stock_tracked: false,
});
const menu: Menu = {
  modifier_groups: [],
  categories: [
    {
      id: "p",
      name: "Pasta",
      position: 0,
      items: [item("1", "p", "Tagliatelle al ragù"), item("2", "p", "Lasagna", 1)],
    },
    { id: "d", name: "Desserts", position: 1, items: [] },
  ],
};
const shown = (filter: Parameters<typeof rowsOf>[1]) =>
  rowsOf(menu, filter).map((row) =>
    row.kind === "item" ? row.item.name : `${row.kind} ${row.category.name}`,
  );

describe("the list", () => {
  it("shows every category, also an empty one", () => {
    expect(shown({})).toEqual([
      "category Pasta",
      "Tagliatelle al ragù",
      "Lasagna",
      "category Desserts",
      "none Desserts",
    ]);
  });
  it("finds a name without its accents and leaves out what does not match", () => {
    expect(shown({ q: "RAGU" })).toEqual(["category Pasta", "Tagliatelle al ragù"]);
  });
  it("shows one category alone", () => {
    expect(shown({ category: "d" })).toEqual(["category Desserts", "none Desserts"]);
  });
});

describe("an answer put into the list", () => {
  it("moves an item to its new category", () => {
    const after = withItem(menu, { ...item("2", "d", "Lasagna"), available: false });
    expect(after.categories.map((category) => category.items.map((one) => one.id))).toEqual([["1"], ["2"]]);
  });
  it("keeps the items of a renamed category and the order of positions", () => {
    const after = withCategory(menu, { id: "d", name: "Sweets", position: -1, items: [] });
    expect(after.categories.map((category) => category.name)).toEqual(["Sweets", "Pasta"]);
    expect(
      withCategory(menu, { id: "p", name: "P", position: 0, items: [] }).categories[0]?.items,
    ).toHaveLength(2);
  });
});
