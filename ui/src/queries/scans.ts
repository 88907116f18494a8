// Which statements are shown, and which whole-table readings are worth a look: a small table is read whole faster than through an index.
import type { PlanStep, Statement } from "./queries";

const SMALL_ROWS_MAX = 1_000;

export type Scan = "none" | "small" | "large";

/** Rows nobody counted may be many. */
export function scanOf({ is_scan, rows }: PlanStep): Scan {
  if (!is_scan) return "none";
  return rows == null || rows > SMALL_ROWS_MAX ? "large" : "small";
}

/** The worst of its steps. */
export function scanIn({ plan }: Statement): Scan {
  const all = plan.map(scanOf);
  return all.includes("large") ? "large" : all.includes("small") ? "small" : "none";
}
