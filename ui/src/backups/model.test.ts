import { describe, expect, it } from "vitest";
import { instantOfSecond, wallSecond } from "../kit/wall";
import { brief, days, windowOf } from "./model";

describe("short spans", () => {
  it("are as people say them", () => {
    expect(brief(1_120, "en")).toBe("1.1 s");
  });
});

describe("a moment", () => {
  const one = { epoch: 1, from_ms: 100, to_ms: 200, missing: null };
  const two = { epoch: 2, from_ms: 300, to_ms: 400, missing: null };
  it("belongs to the newest stretch that had begun", () => {
    expect(windowOf(150, [one, two], 500)).toBe(one);
    expect(windowOf(250, [one, two], 500)).toBe(one);
    expect(windowOf(300, [one, two], 500)).toBe(two);
    expect(windowOf(450, [one, two], 500)).toBe(two);
  });
  it("before the first, in the future or after a gap is none", () => {
    expect(windowOf(99, [one, two], 500)).toBeNull();
    expect(windowOf(501, [one, two], 500)).toBeNull();
    expect(windowOf(250, [{ ...one, missing: 7 }], 500)).toBeNull();
  });
  it("is typed to the second", () => {
    const at = Date.parse("2026-11-19T21:14:07+01:00");
    expect(wallSecond(at, "Europe/Rome")).toBe("2026-11-19T21:14:07");
    expect(instantOfSecond("2026-11-19T21:14:07", "Europe/Rome")).toBe(at);
    expect(instantOfSecond("2026-11-19T21:14", "Europe/Rome")).toBe(at - 7_000);
    expect(instantOfSecond("soon", "Europe/Rome")).toBeNull();
  });
  it("has few marks under its line, whatever its length", () => {
    const day = 86_400_000;
    for (const length of [3_600_000, day, 7 * day, 400 * day]) {
      expect(days(0, length).length).toBeGreaterThan(2);
      expect(days(0, length).length).toBeLessThan(9);
    }
  });
});
