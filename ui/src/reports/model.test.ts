import { describe, expect, it } from "vitest";
import type { DayRow } from "../api/types";
import { aheadOf, barsOf, daysOf, rangeOf, stepOf } from "./model";

const TODAY = "2026-06-12"; // a Friday

describe("the days of a choice", () => {
  it("are seen from the running business day", () => {
    expect(rangeOf("today", TODAY)).toEqual({ from: TODAY, to: TODAY });
    expect(rangeOf("yesterday", "2026-03-01")).toEqual({ from: "2026-02-28", to: "2026-02-28" });
    expect(rangeOf("week", TODAY)).toEqual({ from: "2026-06-08", to: TODAY });
    expect(rangeOf("lastWeek", TODAY)).toEqual({ from: "2026-06-01", to: "2026-06-07" });
    expect(rangeOf("month", TODAY)).toEqual({ from: "2026-06-01", to: TODAY });
    expect(rangeOf("lastMonth", "2026-03-31")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  });

  it("begin a week on Monday, on a Sunday too", () => {
    expect(rangeOf("week", "2026-06-14").from).toBe("2026-06-08");
    expect(rangeOf("week", "2026-06-15").from).toBe("2026-06-15");
  });

  it("make sense of whatever stands in the address", () => {
    expect(rangeOf("custom", TODAY, "2026-06-03", "2026-06-01")).toEqual({
      from: "2026-06-01",
      to: "2026-06-03",
    });
    expect(rangeOf("custom", TODAY, "nonsense", undefined)).toEqual({ from: TODAY, to: TODAY });
    expect(daysOf(rangeOf("custom", TODAY, "2001-01-01", TODAY))).toBe(1_100);
  });
});

describe("bars", () => {
  const row = (business_date: string, gross_minor: number) =>
    ({ business_date, orders: 1, gross_minor, before_minor: 10 }) as DayRow;

  it("stand for days, weeks or months by how many there are", () => {
    expect(stepOf({ from: "2026-06-01", to: "2026-06-30" })).toBe("day");
    expect(stepOf({ from: "2026-01-01", to: "2026-06-30" })).toBe("week");
    expect(stepOf({ from: "2024-01-01", to: "2026-06-30" })).toBe("month");
  });

  it("show days without sales and lose nothing when put together", () => {
    const days = barsOf([row("2026-06-02", 100)], { from: "2026-06-01", to: "2026-06-03" });
    expect(days.map((bar) => bar.minor)).toEqual([0, 100, 0]);
    const range = { from: "2026-01-01", to: "2026-06-30" };
    const weeks = barsOf([row("2026-01-01", 100), row("2026-01-05", 200), row("2026-06-30", 300)], range);
    expect(weeks[0]).toEqual({ key: "2025-12-29", orders: 1, minor: 100, before_minor: 10 });
    expect(weeks.reduce((sum, bar) => sum + bar.minor, 0)).toBe(600);
  });
});

describe("ahead", () => {
  it("of nothing is unknown", () => {
    expect(aheadOf(150, 100)).toBeCloseTo(0.5);
    expect(aheadOf(150, 0)).toBeNull();
  });
});
