import { describe, expect, it } from "vitest";
import { pulse, timer, urgency } from "./pulse";

describe("the heartbeat of the kitchen screen", () => {
  it("stops when nothing was heard for eight seconds, or ever", () => {
    const now = 1_000_000;
    expect(pulse(now - 2_000, now)).toEqual({ alive: true, age_ms: 2_000 });
    expect(pulse(now - 7_999, now).alive).toBe(true);
    expect(pulse(now - 8_000, now).alive).toBe(false);
    expect(pulse(0, now).alive).toBe(false);
  });

  it("is not fooled by a clock that was set back", () => {
    expect(pulse(5_000, 1_000)).toEqual({ alive: true, age_ms: 0 });
  });
});

describe("waiting food", () => {
  it("turns amber and red when the restaurant says", () => {
    const minutes = (n: number, times = { amber_minutes: 10, red_minutes: 15 }) => urgency(n * 60_000, times);
    expect(minutes(6, { amber_minutes: 4, red_minutes: 6 })).toBe("red");
    expect([minutes(9.9), minutes(10), minutes(14.9), minutes(15)]).toEqual([
      "calm",
      "amber",
      "amber",
      "red",
    ]);
  });

  it("is timed for a glance", () => {
    expect([timer(0), timer(545_000), timer(3_605_000), timer(-5)]).toEqual([
      "0:00",
      "9:05",
      "1:00:05",
      "0:00",
    ]);
  });
});
