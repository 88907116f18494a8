// Rules of the load test pages, without a screen.
import type { LoadWindow, Phase, Plan, Shape } from "./types";

/** Columns of a chart; longer runs are put together. */
export const COLUMNS_MAX = 180;

/** At most so many columns. Rates are means; of latencies the worst counts. */
export function gather(windows: readonly LoadWindow[], most = COLUMNS_MAX): LoadWindow[] {
  const each = Math.max(1, Math.ceil(windows.length / most));
  if (each === 1) return [...windows];
  const columns: LoadWindow[] = [];
  for (let at = 0; at < windows.length; at += each) {
    const many = windows.slice(at, at + each);
    const [first] = many;
    if (first === undefined) continue;
    const mean = (of: (w: LoadWindow) => number) => many.reduce((sum, w) => sum + of(w), 0) / many.length;
    const worst = (of: (w: LoadWindow) => number) => Math.max(...many.map(of));
    const rows = Math.max(...many.map((w) => w.heat.length));
    columns.push({
      ...first,
      asked: mean((w) => w.asked),
      begun: mean((w) => w.begun),
      requests: mean((w) => w.requests),
      errors: mean((w) => w.errors),
      p50_ms: worst((w) => w.p50_ms),
      p95_ms: worst((w) => w.p95_ms),
      p99_ms: worst((w) => w.p99_ms),
      heat: Array.from({ length: rows }, (_, row) => many.reduce((sum, w) => sum + (w.heat[row] ?? 0), 0)),
    });
  }
  return columns;
}

/** Upper edge of a row of the heat map, in milliseconds: four rows a tenfold from 0.1. */
export const heatEdge = (row: number) => 0.1 * 10 ** ((row + 1) / 4);

/** 252 -> "4:12" */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Milliseconds with as many digits as mean something. */
export function ms(value: number): number {
  if (value >= 100) return Math.round(value);
  return value >= 10 ? Math.round(value * 10) / 10 : Math.round(value * 100) / 100;
}

/** Names of the steps that change something at the target. */
export function writes(plan: Plan): string[] {
  const steps = plan.scenarios.flatMap((scenario) => scenario.steps);
  const names = steps.filter((step) => (step.method ?? "GET") !== "GET").map((step) => step.name);
  return [...new Set(names)];
}

const fields: Record<Shape, Partial<Phase>> = {
  constant: { rate: 20 },
  ramp: { from: 10, to: 100 },
  spike: { base: 20, peak: 200 },
  steps: { rates: [20, 50, 100] },
  users: { users: 20 },
};

/** The same stretch in another shape, with figures to begin with. */
export function reshaped(phase: Phase, shape: Shape): Phase {
  const { name, for_s, warm_up } = phase;
  return { shape, name, for_s, ...(warm_up === true ? { warm_up } : {}), ...fields[shape] };
}

export function blankPlan(target: string): Plan {
  return {
    name: "",
    target,
    phases: [{ shape: "constant", name: "1", for_s: 30, rate: 20 }],
    scenarios: [{ name: "Health", weight: 1, steps: [{ name: "Health", path: "/health" }] }],
    thresholds: [
      { metric: "p95", at_most: 500 },
      { metric: "errors", at_most: 0.1 },
    ],
  };
}

/** What is edited as JSON: everything but the parts with fields of their own. */
export function restOf(plan: Plan): string {
  const own = ["name", "target", "phases"];
  const rest = Object.entries(plan).filter(([field]) => !own.includes(field));
  return JSON.stringify(Object.fromEntries(rest), null, 2);
}
