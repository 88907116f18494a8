import { describe, expect, it } from "vitest";
import { blankPlan, clock, gather, heatEdge, ms, reshaped, restOf, writes } from "./model";
import type { LoadWindow } from "./types";

const second = (at_s: number, p99_ms: number): LoadWindow => ({
  at_s,
  phase: 0,
  asked: 10,
  begun: 10,
  requests: at_s,
  errors: 0,
  errors_by_kind: [],
  p50_ms: 1,
  p90_ms: 1,
  p95_ms: 1,
  p99_ms,
  max_ms: p99_ms,
  mean_ms: 1,
  in_flight: 0,
  lag_ms: 0,
  cpu: 0,
  heat: [1, 2],
});

describe("a long run in few columns", () => {
  it("keeps the worst latency and the mean rate", () => {
    const columns = gather([second(0, 5), second(1, 900), second(2, 5), second(3, 6)], 2);
    expect(columns.map((w) => [w.at_s, w.p99_ms, w.requests])).toEqual([
      [0, 900, 0.5],
      [2, 6, 2.5],
    ]);
    expect(columns[0]?.heat).toEqual([2, 4]);
  });
  it("leaves a short one as it is", () => {
    expect(gather([second(0, 1)], 2)).toHaveLength(1);
  });
});

describe("figures", () => {
  it("are written with the digits that mean something", () => {
    expect([ms(0.234), ms(12.34), ms(385.2)]).toEqual([0.23, 12.3, 385]);
    expect([clock(252), clock(3_725), clock(0)]).toEqual(["4:12", "1:02:05", "0:00"]);
    expect(heatEdge(3)).toBeCloseTo(1);
  });
});

describe("a plan", () => {
  it("says which of its steps write", () => {
    const plan = blankPlan("http://127.0.0.1");
    expect(writes(plan)).toEqual([]);
    plan.scenarios[0]?.steps.push({ name: "Open", method: "POST", path: "/orders" });
    expect(writes(plan)).toEqual(["Open"]);
  });
  it("changes the shape of a phase and leaves nothing of the old one", () => {
    const ramp = reshaped({ shape: "constant", name: "a", for_s: 5, rate: 9 }, "ramp");
    expect(ramp).toEqual({ shape: "ramp", name: "a", for_s: 5, from: 10, to: 100 });
  });
  it("keeps what has no field of its own as JSON", () => {
    expect(Object.keys(JSON.parse(restOf(blankPlan("x"))) as object)).toEqual(["scenarios", "thresholds"]);
  });
});
