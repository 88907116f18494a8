import { describe, expect, it } from "vitest";
import type { KitchenStation, Menu } from "../api/types";
import {
  AS_CATEGORY,
  chosenStation,
  clockOf,
  madeAt,
  madeAtChoices,
  minuteOf,
  moved,
  NOBODY,
  priceOf,
  rowsOf,
  stationWish,
  withCategory,
  withItem,
} from "./model";

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

describe("what an item shows", () => {
  it("costs its own price, or from its cheapest size", () => {
    const size = (id: string, price_minor: number) => ({ id, name: id, price_minor, available: true });
    const plain = { ...item("1", "p", "Lasagna"), price_minor: 900 };
    expect(priceOf(plain)).toEqual({ minor: 900, isFrom: false });
    expect(priceOf({ ...plain, variants: [size("s", 700), size("l", 1100)] })).toEqual({
      minor: 700,
      isFrom: true,
    });
    expect(priceOf({ ...plain, variants: [size("s", 700)] })).toEqual({ minor: 700, isFrom: false });
  });
  it("moves by one place and not over the end", () => {
    expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 0, -1)).toBeNull();
    expect(moved(["a", "b", "c"], 2, 1)).toBeNull();
  });
  it("reads the clock and writes it", () => {
    expect(minuteOf("17:30")).toBe(1050);
    expect(minuteOf("24:00")).toBeNull();
    expect(minuteOf("half past")).toBeNull();
    expect(clockOf(1050)).toBe("17:30");
    expect(clockOf(1440)).toBe("00:00");
  });
});

describe("who makes an item", () => {
  const station = (name: string, more: Partial<KitchenStation> = {}): KitchenStation => ({
    id: name,
    name,
    is_default: false,
    category_ids: [],
    item_ids: [],
    ...more,
  });
  const stations = [
    station("Kitchen", { is_default: true }),
    station("Bar", { id: "00000000-0000-7000-8000-000000000002" }),
    station("Oven", { category_ids: ["p"] }),
    station("Cold", { item_ids: ["2"] }),
  ];

  it("is its own station, else its category's, else the menu's word", () => {
    expect(madeAt(stations, item("2", "p", "Lasagna"))).toBe("Cold");
    expect(madeAt(stations, item("1", "p", "Tagliatelle"))).toBe("Oven");
    expect(madeAt(stations, item("3", "d", "Tiramisù"))).toBe("Kitchen");
    expect(madeAt(stations, { ...item("4", "d", "Spritz"), station: "bar" })).toBe("Bar");
    expect(madeAt(stations, { ...item("2", "p", "Bread"), station: "none" })).toBeNull();
    expect(madeAt([], item("3", "d", "Tiramisù"))).toBeNull();
  });

  it("offers the real stations, and tells the engine no more than it needs", () => {
    const bar = "00000000-0000-7000-8000-000000000002";
    const [kitchen, , oven, cold] = stations.map((one) => one.id);
    expect(madeAtChoices(stations, "p")).toEqual([AS_CATEGORY, kitchen, bar, oven, cold, NOBODY]);
    expect(madeAtChoices(stations, "d")).not.toContain(AS_CATEGORY);
    const check = (
      chosen: string | undefined,
      category: string,
      word: string,
      own: string | null | undefined,
    ) =>
      expect(stationWish(stations, chosen ?? "", null, category)).toEqual({
        station: word,
        made_at: { station_id: own },
      });
    check(kitchen, "d", "kitchen", null);
    check(kitchen, "p", "kitchen", kitchen);
    check(bar, "d", "bar", null);
    check(cold, "d", "kitchen", cold);
    check(AS_CATEGORY, "p", "kitchen", null);
    check(NOBODY, "p", "none", null);
  });

  it("knows how an item stands among them", () => {
    const [kitchen, bar, , cold] = stations.map((one) => one.id);
    expect(chosenStation(stations, item("2", "p", "Lasagna"), "p")).toBe(cold);
    expect(chosenStation(stations, item("1", "p", "Tagliatelle"), "p")).toBe(AS_CATEGORY);
    expect(chosenStation(stations, { ...item("4", "d", "Spritz"), station: "bar" }, "d")).toBe(bar);
    expect(chosenStation(stations, null, "d")).toBe(kitchen);
    expect(chosenStation(stations, { ...item("2", "p", "Bread"), station: "none" }, "p")).toBe(NOBODY);
  });
});
