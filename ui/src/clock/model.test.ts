import { expect, test } from "vitest";
import { daysAway, hours } from "./model";

test("hours are never days", () => {
  expect(hours(27_000_000)).toBe("7:30");
  expect(hours(52 * 3_600_000 + 5 * 60_000)).toBe("52:05");
  expect(hours(0)).toBe("0:00");
});

test("a week later is seven days, whatever the clocks do", () => {
  expect(daysAway("2026-10-19", 7)).toBe("2026-10-26");
  expect(daysAway("2026-01-01", -1)).toBe("2025-12-31");
});
