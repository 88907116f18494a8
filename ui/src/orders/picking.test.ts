import { describe, expect, it } from "vitest";
import { find, type Pickable, pickables } from "./picking";

const menu = (...names: string[]): Pickable[] =>
  pickables([
    {
      id: "c",
      name: "Pizze",
      position: 0,
      items: names.map((name, position) => ({
        id: name,
        category_id: "c",
        name: name.replace("!", ""),
        price_minor: 100,
        tax_rate_bp: 1000,
        station: "kitchen",
        available: !name.endsWith("!"),
        position,
        variants: [],
        group_ids: [],
        allergens: [],
        stock_tracked: false,
      })),
    },
  ]);

function check(names: string[], typed: string, quantity: number, ...hits: string[]) {
  const found = find(menu(...names), typed);
  expect({ quantity: found.quantity, hits: found.hits.map((hit) => hit.name) }).toEqual({ quantity, hits });
}

describe("the item picker", () => {
  it("puts beginnings before words within, and those before mere letters", () => {
    check(
      ["Insalata marina", "Pomarola", "Margherita"],
      "mar",
      1,
      "Margherita",
      "Insalata marina",
      "Pomarola",
    );
  });

  it("adds nothing when none are wanted", () => {
    check(["Espresso"], "2 espr", 2, "Espresso");
    check(["Espresso"], "0 espr", 1);
  });

  it("does not mind accents, case and punctuation", () => {
    check(["Tiramisù", "Caffè (doppio)"], "TIRAMISU", 1, "Tiramisù");
    check(["Tiramisù", "Caffè (doppio)"], "caffe doppio", 1, "Caffè (doppio)");
  });

  it("knows initials and several beginnings", () => {
    check(["Tagliatelle al ragù", "Burrata"], "tar", 1, "Tagliatelle al ragù");
    check(["Tagliatelle al ragù", "Tagliata"], "tag rag", 1, "Tagliatelle al ragù");
  });

  it("reads a leading number as a quantity unless the menu has such a name", () => {
    check(["Margherita", "7 Up"], "2 marg", 2, "Margherita");
    check(["Margherita", "7 Up"], "3x marg", 3, "Margherita");
    check(["Margherita", "7 Up"], "7 up", 1, "7 Up");
    check(["Margherita"], "2", 2, "Margherita");
  });

  it("shows what is sold out last", () => {
    check(["Margherita!", "Insalata marina"], "mar", 1, "Insalata marina", "Margherita");
  });

  it("finds a whole category by its name, and nothing where nothing is", () => {
    check(["Margherita", "Diavola"], "pizz", 1, "Margherita", "Diavola");
    check(["Margherita"], "sushi", 1);
  });
});
