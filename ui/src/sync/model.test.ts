import { describe, expect, it } from "vitest";
import { clock, isReachable, readyWord, shown, standing } from "./model";

describe("how a desk stands", () => {
  it("is in step only when nothing waits", () => {
    expect(standing("in_step", 0).word).toBe("in_step");
    expect(standing("in_step", 2).word).toBe("waiting");
  });
  it("says what waits while the other desk is away, in a colour that is seen", () => {
    expect(standing("away", 3)).toEqual({ word: "away_waiting", tone: "warn" });
    expect(standing("away", 0).word).toBe("away");
    expect(standing("stopped", 3).tone).toBe("bad");
  });
});

describe("an address for other desks", () => {
  it("is none when it leads back to the same computer", () => {
    for (const own of ["http://127.0.0.1:8787", "http://localhost:5173", "http://[::1]:1", "x"])
      expect(isReachable(own)).toBe(false);
    expect(isReachable("http://192.168.1.20:8787")).toBe(true);
  });
});

it("counts down in minutes and seconds", () => {
  expect([clock(600_000), clock(5_001), clock(-1)]).toEqual(["10:00", "0:06", "0:00"]);
});

describe("how far a spare is", () => {
  const readiness = { taken_ms: 0, desks: 1, behind_ms: 0, behind_commands: 0 };
  it("is in step only when it is told nothing is missing", () => {
    expect(readyWord(readiness).word).toBe("in_step");
    expect(readyWord({ ...readiness, behind_commands: 2 }).word).toBe("behind");
    expect(readyWord({ ...readiness, behind_ms: 9_000 })).toEqual({ word: "behind", tone: "warn" });
    expect(readyWord({ ...readiness, behind_ms: null }).word).toBe("unknown");
  });
});

it("shows an address as people type it", () => {
  expect([shown("http://192.168.1.9:8787/"), shown("https://hub.example/")]).toEqual([
    "192.168.1.9:8787",
    "https://hub.example",
  ]);
});
