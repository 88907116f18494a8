import { describe, expect, it } from "vitest";
import { fieldOf, span } from "./span";

describe("the span of the audit", () => {
  const hour = 3_600_000;
  const check = (from: string | undefined, to: string | undefined, hours: number | null) => {
    const found = span({ from, to }, "Europe/Madrid");
    const length = found.from === null || found.to === null ? null : (found.to - found.from) / hour;
    expect(length).toBe(hours);
  };

  it("takes whole days, long and short ones too", () => {
    check("2026-06-12", "2026-06-12", 24);
    check("2026-10-25", "2026-10-25", 25);
    check("2026-03-29", "2026-03-29", 23);
  });

  it("takes times, with the last minute in it", () => {
    check("2026-06-12T18:00", "2026-06-12T19:59", 2);
    expect(span({ from: "2026-06-12T18:00" }, "Europe/Madrid")).toEqual({
      from: Date.parse("2026-06-12T16:00:00Z"),
      to: null,
    });
  });

  it("is open where nothing, or nothing readable, is said", () => {
    check(undefined, undefined, null);
    check("soon", "2026-06-12", null);
    expect(fieldOf("2026-06-12", "T23:59")).toBe("2026-06-12T23:59");
  });
});
