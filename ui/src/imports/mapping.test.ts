import { describe, expect, it } from "vitest";
import { ABSENT, assign, isSalesFile, samplesOf, settled, withAbsent } from "./mapping";

describe("the mapping of columns", () => {
  it("holds a column for one thing only", () => {
    expect(assign({ item: "name", category: "type" }, "category", "name")).toEqual({ category: "name" });
  });

  it("forgets what is taken back", () => {
    expect(assign({ item: "name", tax: "vat" }, "tax", null)).toEqual({ item: "name" });
  });

  it("keeps saying that something is not in the file when another column is chosen", () => {
    const said = assign({ item: "name", tax: "vat" }, "tax", ABSENT);
    expect(said).toEqual({ item: "name", tax: ABSENT });
    const recognised = { item: "name", tax: null, category: "type" };
    expect(assign(withAbsent(recognised, said), "category", "group")).toEqual({
      item: "name",
      tax: ABSENT,
      category: "group",
    });
    expect(assign(withAbsent(recognised, said), "tax", "vat")).toEqual({
      item: "name",
      tax: "vat",
      category: "type",
    });
  });

  it("is sent as it was shown, so that nothing is recognised anew", () => {
    expect(settled({ order_id: "id", date: "day", item: "name", price: "price", tax: null })).toEqual({
      order_id: "id",
      date: "day",
      item: "name",
      price: "price",
      time: ABSENT,
      variant: ABSENT,
      category: ABSENT,
      quantity: ABSENT,
      tax: ABSENT,
    });
  });

  it("shows the first few different values of a column", () => {
    const rows = [
      ["a", "1"],
      ["a", "2"],
      ["b", ""],
      ["c", "3"],
      ["d", "4"],
    ];
    expect(samplesOf(["x", "y"], rows, "x")).toEqual(["a", "b", "c"]);
    expect(samplesOf(["x", "y"], rows, "y")).toEqual(["1", "2", "3"]);
    expect(samplesOf(["x", "y"], rows, "z")).toEqual([]);
  });
});

describe("a file of sales", () => {
  it("is known by its name", () => {
    expect(["a.csv", "A.CSV.GZ", "till.txt"].every(isSalesFile)).toBe(true);
    expect(["a.xlsx", "photo.png", "csv"].some(isSalesFile)).toBe(false);
  });
});
