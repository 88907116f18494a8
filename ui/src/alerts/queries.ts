// Keys: ["alerts", restaurant, …], told by the engine when something fires, ends, is seen or a rule is changed.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

type S = components["schemas"];
export type Alert = S["Alert"];
export type Alerts = S["Alerts"];
export type AlertRule = S["AlertRule"];
export type AlertRules = S["AlertRules"];
export type AlertRuleChange = S["AlertRuleChange"];

/** What was measured last changes without anybody being told. */
const LOOK_AGAIN_MS = 15_000;

export const alertsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["alerts", rid, "all"],
    queryFn: () => ask<Alerts>(api.GET("/api/v1/restaurants/{rid}/alerts", { params: { path: { rid } } })),
  });

export const alertRulesQuery = (rid: string) =>
  queryOptions({
    queryKey: ["alerts", rid, "rules"],
    queryFn: () =>
      ask<AlertRules>(api.GET("/api/v1/restaurants/{rid}/alerts/rules", { params: { path: { rid } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });
