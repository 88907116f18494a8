import { describe, expect, it } from "vitest";
import type { MenuItem, ModifierGroup } from "../api/types";
import { change, chosenIn, groupsOf, inWords, missing, priceOf, usual } from "./choices";

const modifier = (id: string, price_minor: number, opens_group_id: string | null = null) => ({
  id,
  name: id,
  price_minor,
  available: true,
  opens_group_id,
});
const group = (
  id: string,
  min: number,
  max: number | null,
  modifiers: ModifierGroup["modifiers"],
): ModifierGroup => ({
  id,
  name: id,
  min,
  max,
  position: 0,
  modifiers,
});
const sides = group("sides", 1, 1, [modifier("chips", 0, "sauce"), modifier("salad", 150)]);
const sauce = group("sauce", 1, 2, [modifier("mayo", 50), modifier("ketchup", 0)]);
const extras = group("extras", 0, 3, [modifier("cheese", 120)]);
const groups = groupsOf([sides, sauce, extras]);
const burger: MenuItem = {
  id: "burger",
  name: "Burger",
  price_minor: 1000,
  category_id: "c",
  tax_rate_bp: 1000,
  station: "kitchen",
  available: true,
  position: 0,
  variants: [
    { id: "s", name: "small", price_minor: 900, available: false },
    { id: "l", name: "large", price_minor: 1400, available: true },
  ],
  group_ids: ["sides", "extras"],
  allergens: [],
  stock_tracked: false,
};

describe("choosing", () => {
  it("takes the first size that is there and asks for what is required", () => {
    expect(usual(burger).variant_id).toBe("l");
    expect(missing(burger.group_ids, groups, [])?.id).toBe("sides");
  });

  it("in a group of one puts the new one in the place of the old", () => {
    const chips = change(sides, [], "chips", 1);
    expect(change(sides, chips, "salad", 1).map((wish) => wish.modifier_id)).toEqual(["salad"]);
    expect(change(sides, chips, "chips", -1)).toEqual([]);
  });

  it("stops at the most of a group", () => {
    let wishes = change(extras, [], "cheese", 1);
    for (let n = 0; n < 5; n += 1) wishes = change(extras, wishes, "cheese", 1);
    expect(chosenIn(extras, wishes)).toBe(3);
    expect(inWords(groups, wishes)).toBe("3 × cheese");
  });

  it("asks for what a modifier opens, and counts its price", () => {
    const chips = change(sides, [], "chips", 1);
    expect(missing(burger.group_ids, groups, chips)?.id).toBe("sauce");
    const dipped = chips.map((wish) => ({ ...wish, modifiers: change(sauce, [], "mayo", 1) }));
    expect(missing(burger.group_ids, groups, dipped)).toBeNull();
    expect(priceOf(burger, { variant_id: "l", modifiers: dipped }, groups)).toBe(1450);
    expect(inWords(groups, dipped)).toBe("chips, mayo");
  });
});
