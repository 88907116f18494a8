// What the contract calls an object because the generator owns its form: windows, summaries, plans, comparisons.

export interface LoadWindow {
  at_s: number;
  phase: number;
  asked: number;
  begun: number;
  requests: number;
  errors: number;
  errors_by_kind: number[];
  p50_ms: number;
  p90_ms: number;
  p95_ms: number;
  p99_ms: number;
  max_ms: number;
  mean_ms: number;
  in_flight: number;
  lag_ms: number;
  cpu: number;
  heat: number[];
}

export interface Figures {
  requests: number;
  errors: number;
  errors_percent: number;
  per_s: number;
  p50_ms: number;
  p90_ms: number;
  p95_ms: number;
  p99_ms: number;
  "p99.9_ms": number;
  max_ms: number;
  mean_ms: number;
}

/** What the listeners of a step were told; the delays are of those whose time is known. */
export interface Heard {
  events: number;
  per_s: number;
  timed: number;
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
  max_ms: number;
}

export interface Verdict {
  threshold: { metric: string; step?: string; at_most?: number; at_least?: number };
  measured: number | null;
  kept: boolean;
}

export interface Summary {
  plan: string;
  target: string;
  planned_s: number;
  for_s: number;
  is_closed: boolean;
  outcome: string;
  totals: Figures;
  errors_by_kind: number[];
  steps: (Figures & { name: string; heard?: Heard })[];
  errors: { step: string; kind: string; text: string; times: number }[];
  generator: { threads: number; cpu: number; lag_p99_ms: number; service_p99_ms: number };
  thresholds: Verdict[];
  notes: string[];
  windows: LoadWindow[];
}

export type Change = "better" | "worse" | "same" | "unknown";
export interface Comparison {
  verdict: Change;
  warnings: string[];
  rows: {
    metric: string;
    before: number;
    after: number;
    low: number | null;
    high: number | null;
    change: Change;
  }[];
  steps: { name: string; before_p95_ms: number; after_p95_ms: number }[];
}

export type Shape = "constant" | "ramp" | "spike" | "steps" | "users";
export interface Phase {
  shape: Shape;
  name: string;
  for_s: number;
  warm_up?: boolean;
  rate?: number;
  from?: number;
  to?: number;
  base?: number;
  peak?: number;
  rates?: number[];
  users?: number;
}

/** The parts of a plan that have fields of their own; the rest is kept as it is. */
export interface Plan {
  name: string;
  target: string;
  phases: Phase[];
  scenarios: { name: string; weight: number; steps: { name: string; method?: string; path: string }[] }[];
  secrets?: string[];
  [more: string]: unknown;
}

/** In the sequence of `errors_by_kind`. */
export const KINDS = ["connect", "tls", "timeout", "reset", "status", "check", "body", "dropped"] as const;
