import { describe, expect, it } from "vitest";
import { back, cashBack, cashDue, quickAmounts } from "./pay";

describe("cash", () => {
  it("is rounded to the smallest coin", () => {
    const check = (due: number, unit: number, cash: number) => {
      const taken = cashDue(due, unit, "half_up");
      expect(taken).toEqual({ cash, rounding: cash - due });
    };
    check(1291, 0, 1291);
    check(1291, 1, 1291);
    check(1291, 5, 1290);
    check(1293, 5, 1295);
    check(17_499, 5, 17_500);
    check(1250, 100, 1300);
    check(1200, 100, 1200);
  });

  it("goes to the even coin on a tie where the restaurant says so", () => {
    expect(cashDue(1250, 100, "half_even").cash).toBe(1200);
    expect(cashDue(1350, 100, "half_even").cash).toBe(1400);
  });
});

describe("what goes back", () => {
  it("is the difference, or what is missing", () => {
    expect(back(7800, null)).toEqual({ kind: "exact", minor: 0 });
    expect(back(7800, 7800)).toEqual({ kind: "exact", minor: 0 });
    expect(back(7800, 10_000)).toEqual({ kind: "change", minor: 2200 });
    expect(back(7800, 7000)).toEqual({ kind: "missing", minor: 800 });
  });
});

describe("quick amounts", () => {
  it("are the round sums above what is due", () => {
    const check = (needed: number, ...sums: number[]) => expect(quickAmounts(needed)).toEqual(sums);
    check(7800, 8000, 10_000);
    check(4600, 5000, 6000, 10_000);
    check(1230, 1500, 2000, 5000);
    check(350, 400, 500, 1000);
    check(10_000, 20_000, 50_000);
    check(0);
  });

  it("are never less than what is due, whatever it is", () => {
    for (let needed = 1; needed < 30_000; needed += 7) {
      expect(quickAmounts(needed).every((sum) => sum > needed)).toBe(true);
    }
  });
});

describe("cash back on a card", () => {
  it("is what the card brings beyond what is due, in coins", () => {
    expect(cashBack(1291, 1559, 5, "half_up")).toBe(270);
    expect(cashBack(1291, 1559, 0, "half_up")).toBe(268);
    expect(cashBack(1291, 1291, 5, "half_up")).toBeNull();
    expect(cashBack(1291, 1292, 5, "half_up")).toBeNull();
    expect(cashBack(1291, 900, 5, "half_up")).toBeNull();
  });
});
