import { describe, expect, it } from "vitest";
import { niceCeiling } from "../kit/axis";
import { aheadOfLastWeek, pairHours } from "./compare";

const sale = (hour: number, gross_minor: number) => ({
  hour,
  orders: gross_minor === 0 ? 0 : 1,
  gross_minor,
});

describe("the hours of a business day", () => {
  it("run from the cut-off, so one in the morning comes after eleven at night", () => {
    const pairs = pairHours(
      { by_hour: [sale(1, 500), sale(23, 900), sale(12, 100)], last_week_by_hour: [] },
      240,
    );
    expect(pairs.map((pair) => pair.hour)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 1]);
  });

  it("are padded when the day is short, and none without any sale", () => {
    expect(pairHours({ by_hour: [sale(13, 500)], last_week_by_hour: [] }, 240).length).toBeGreaterThanOrEqual(
      10,
    );
    expect(pairHours({ by_hour: [sale(4, 500)], last_week_by_hour: [] }, 240).length).toBeGreaterThanOrEqual(
      10,
    );
    expect(pairHours({ by_hour: [sale(13, 0)], last_week_by_hour: [] }, 240)).toEqual([]);
  });
});

describe("against last week", () => {
  it("only finished hours count", () => {
    const pairs = pairHours(
      { by_hour: [sale(12, 1200), sale(13, 100)], last_week_by_hour: [sale(12, 1000), sale(13, 5000)] },
      0,
    );
    expect(aheadOfLastWeek(pairs, 13, 0)).toBeCloseTo(0.2);
  });

  it("says nothing before the day's first hour is over", () => {
    const pairs = pairHours({ by_hour: [], last_week_by_hour: [sale(12, 1000)] }, 240);
    expect(aheadOfLastWeek(pairs, 9, 240)).toBeNull();
    expect(aheadOfLastWeek(pairs, 1, 240)).toBe(-1);
  });

  it("says nothing where there is nothing to compare with", () => {
    expect(
      aheadOfLastWeek(pairHours({ by_hour: [sale(12, 1200)], last_week_by_hour: [] }, 0), 14, 0),
    ).toBeNull();
  });
});

it("an axis ends on a round number", () => {
  expect([0, 7, 201, 1300, 26_000].map(niceCeiling)).toEqual([1, 10, 250, 2000, 50_000]);
});
