import { describe, expect, it } from "vitest";
import type { PlanStep } from "./queries";
import { scanIn, scanOf } from "./scans";

const step = (is_scan: boolean, rows: number | null): PlanStep => ({ depth: 0, text: "", is_scan, rows });

describe("a step that reads a whole table", () => {
  it("is worth a look when the table is large, or nobody knows", () => {
    expect([step(true, 1_000), step(true, 1_001), step(true, null), step(false, 9_999)].map(scanOf)).toEqual([
      "small",
      "large",
      "large",
      "none",
    ]);
  });

  it("counts for its statement as the worst one does", () => {
    const plan = [step(false, null), step(true, 3), step(true, 2_500)];
    const of = (steps: PlanStep[]) => scanIn({ sql: "", runs: 1, total_ms: 0, slowest_ms: 0, plan: steps });
    expect([of(plan), of(plan.slice(0, 2)), of(plan.slice(0, 1)), of([])]).toEqual([
      "large",
      "small",
      "none",
      "none",
    ]);
  });
});
