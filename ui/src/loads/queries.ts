// Keys: ["loads", restaurant, …]. A run that goes on is asked for its seconds once a second; those already here are kept.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";
import { asApiError } from "../api/errors";
import type { Comparison, LoadWindow, Plan, Summary } from "./types";

type S = components["schemas"];
export type LoadRun = S["LoadRun"];
export type Going = Omit<S["LoadGoing"], "windows" | "curve"> & {
  windows: LoadWindow[];
  curve: [number, number][];
};
export interface Runs {
  going: Going | null;
  busy_elsewhere: boolean;
  past: LoadRun[];
}
export interface RunView {
  going: Going | null;
  run: LoadRun | null;
  summary: Summary | null;
}
export type Checked = Omit<S["LoadPlanChecked"], "curve"> & { curve: [number, number][] };
export interface KeptPlan {
  id: string;
  name: string;
  changed_ms: number;
  plan: Plan;
}

/** The contract says "object" and means any. */
const asObject = (plan: Plan) => plan as unknown as Record<string, never>;

const WATCH_MS = 1_000;
const path = (rid: string) => ({ params: { path: { rid } } });

export const runsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["loads", rid, "runs"],
    queryFn: () =>
      ask(api.GET("/api/v1/restaurants/{rid}/load-runs", path(rid))) as Promise<unknown> as Promise<Runs>,
    refetchInterval: (query) => (query.state.data?.going != null ? WATCH_MS * 2 : false),
  });

/** The seconds so far are kept and the new ones put behind them. */
export const runQuery = (rid: string, id: string, client: QueryClient) =>
  queryOptions({
    queryKey: ["loads", rid, "run", id],
    queryFn: async () => {
      const before = client.getQueryData<RunView>(["loads", rid, "run", id])?.going?.windows ?? [];
      const last = before.at(-1)?.at_s;
      const from = last === undefined ? 0 : last + 1;
      const view = (await ask(
        api.GET("/api/v1/restaurants/{rid}/load-runs/{load_run_id}", {
          params: { path: { rid, load_run_id: id }, query: { from } },
        }),
      )) as unknown as RunView;
      if (view.going === null) return view;
      return { ...view, going: { ...view.going, windows: [...before, ...view.going.windows] } };
    },
    refetchInterval: (query) => (query.state.data?.going != null ? WATCH_MS : false),
  });

export const plansQuery = (rid: string) =>
  queryOptions({
    queryKey: ["loads", rid, "plans"],
    queryFn: () =>
      ask(api.GET("/api/v1/restaurants/{rid}/load-plans", path(rid))) as Promise<unknown> as Promise<
        KeptPlan[]
      >,
  });

export const presetsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["loads", rid, "presets"],
    queryFn: () =>
      ask(api.GET("/api/v1/restaurants/{rid}/load-presets", path(rid))) as Promise<unknown> as Promise<
        { key: string; plan: Plan }[]
      >,
    staleTime: Infinity,
  });

export const checkQuery = (rid: string, plan: Plan | null) =>
  queryOptions({
    queryKey: ["loads", rid, "check", plan],
    queryFn: () =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/load-plans/check", { ...path(rid), body: { plan: plan ?? {} } }),
      ) as Promise<unknown> as Promise<Checked>,
    enabled: plan !== null,
    staleTime: Infinity,
    gcTime: 30_000,
    placeholderData: (before: Checked | undefined) => before,
  });

export const compareQuery = (rid: string, before: string, after: string) =>
  queryOptions({
    queryKey: ["loads", rid, "compare", before, after],
    queryFn: () =>
      ask(
        api.GET("/api/v1/restaurants/{rid}/load-comparison", {
          params: { path: { rid }, query: { before, after } },
        }),
      ) as Promise<unknown> as Promise<Comparison>,
  });

export async function beginRun(
  rid: string,
  wish: { plan: Plan; secrets: Record<string, string>; agreed_host: string },
  key: string,
): Promise<Going> {
  const asked = api.POST("/api/v1/restaurants/{rid}/load-runs", {
    params: { path: { rid }, header: { "Idempotency-Key": key } },
    body: { ...wish, plan: asObject(wish.plan) },
  });
  return (await ask(asked)) as unknown as Going;
}

export async function stopRun(rid: string, load_run_id: string): Promise<void> {
  try {
    await ask(
      api.POST("/api/v1/restaurants/{rid}/load-runs/{load_run_id}/stop", {
        params: { path: { rid, load_run_id } },
      }),
    );
  } catch (error) {
    // It ended by itself meanwhile, which is what was wanted.
    if (asApiError(error).code !== "not_found") throw error;
  }
}

export function removeRun(rid: string, load_run_id: string): Promise<unknown> {
  return ask(
    api.DELETE("/api/v1/restaurants/{rid}/load-runs/{load_run_id}", {
      params: { path: { rid, load_run_id } },
    }),
  );
}

export async function keepPlan(rid: string, id: string | null, plan: Plan, key: string): Promise<KeptPlan> {
  const header = { "Idempotency-Key": key };
  const kept =
    id === null
      ? ask(
          api.POST("/api/v1/restaurants/{rid}/load-plans", {
            params: { path: { rid }, header },
            body: { plan: asObject(plan) },
          }),
        )
      : ask(
          api.PUT("/api/v1/restaurants/{rid}/load-plans/{load_plan_id}", {
            params: { path: { rid, load_plan_id: id }, header },
            body: { plan: asObject(plan) },
          }),
        );
  return (await kept) as unknown as KeptPlan;
}

export function removePlan(rid: string, load_plan_id: string): Promise<unknown> {
  return ask(
    api.DELETE("/api/v1/restaurants/{rid}/load-plans/{load_plan_id}", {
      params: { path: { rid, load_plan_id } },
    }),
  );
}
