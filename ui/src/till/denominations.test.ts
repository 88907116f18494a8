import { describe, expect, it } from "vitest";
import { denominations, sumOf } from "./denominations";

describe("the coins and notes of a drawer", () => {
  it("are those of the currency, largest first, without coins that are rounded away", () => {
    expect(denominations("EUR", 2, 0).at(-1)).toBe(1);
    expect(denominations("EUR", 2, 5).at(-1)).toBe(5);
    expect(denominations("JPY", 0, 0)[0]).toBe(10_000);
    expect(denominations("CHF", 2, 0).at(-1)).toBe(5);
    for (const [currency, exponent] of [
      ["EUR", 2],
      ["USD", 2],
      ["KWD", 3],
      ["XYZ", 2],
    ] as const) {
      const all = denominations(currency, exponent, 0);
      expect(all).toEqual([...new Set(all)].sort((a, b) => b - a));
      // So many kinds of coins and notes the engine takes.
      expect(all.length).toBeLessThanOrEqual(40);
    }
  });

  it("are of the usual series where the currency is not known", () => {
    expect(denominations("XYZ", 0, 0)).toEqual([200, 100, 50, 20, 10, 5, 2, 1]);
    expect(denominations("XYZ", 2, 0)[0]).toBe(20_000);
  });

  it("add up in whole minor units", () => {
    const pieces = [
      { value_minor: 5000, count: 1 },
      { value_minor: 200, count: 12 },
      { value_minor: 1, count: 11 },
    ];
    expect(sumOf(pieces)).toBe(7411);
    expect(sumOf([])).toBe(0);
  });
});
