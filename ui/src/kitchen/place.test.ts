import { describe, expect, it } from "vitest";
import { stationToShow } from "./place";

const grill = "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11";
const bar = "00000000-0000-7000-8000-000000000002";

describe("the station a device shows", () => {
  it("is what the address says, else what it showed last, else all", () => {
    expect(stationToShow(bar, grill)).toBe(bar);
    expect(stationToShow(undefined, grill)).toBe(grill);
    expect(stationToShow("all", grill)).toBeUndefined();
    expect(stationToShow(undefined, undefined)).toBeUndefined();
  });

  it("is all of them where an old address names none", () => {
    expect(stationToShow("kitchen", undefined)).toBeUndefined();
  });
});
