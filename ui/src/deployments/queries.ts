// Keys: ["deployments", restaurant, …], told by the engine after each answer; ["deployed", …] is what another Comanda
// says itself, asked only while somebody looks.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";
import type { BackupRun, BackupsOverview, Checkup, LogLines, LogStream, Restore } from "../api/types";
import type { Query } from "../kit/useTail";

type S = components["schemas"];
export type Deployment = S["Deployment"];
export type Deployments = S["Deployments"];
export type DeploymentDetail = S["DeploymentDetail"];
export type Probe = S["DeploymentProbe"];
export type Reason = S["DeploymentReason"];
export type Span = S["DeploymentSpan"];
export type NewDeployment = S["NewDeployment"];
export type DeploymentChange = S["DeploymentChange"];
export type Inside = Omit<S["DeploymentInside"], "health" | "alerts"> & {
  health?: Checkup | null;
  alerts?: S["Alert"][] | null;
};
export type BackupTrigger = S["BackupTrigger"];
export type TriggerPage = S["BackupTriggerPage"];
export type TriggerRun = S["TriggerRun"];
export type TriggerWish = S["BackupTriggerWish"];

export type Drift = S["DeploymentDrift"];
export type Difference = S["DriftDifference"];

export type Days = 1 | 7 | 90;

/** A first answer that came while the page itself was being fetched is told to nobody: ask until there is one. */
const UNTIL_ASKED_MS = 2_000;

export const deploymentsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["deployments", rid, "all"],
    queryFn: () =>
      ask<Deployments>(api.GET("/api/v1/restaurants/{rid}/deployments", { params: { path: { rid } } })),
    refetchInterval: (query) =>
      query.state.data?.items.some((one) => one.state === "unknown") === true ? UNTIL_ASKED_MS : false,
  });

export const deploymentQuery = (rid: string, deployment_id: string, days: Days) =>
  queryOptions({
    queryKey: ["deployments", rid, deployment_id, days],
    queryFn: () =>
      ask<DeploymentDetail>(
        api.GET("/api/v1/restaurants/{rid}/deployments/{deployment_id}", {
          params: { path: { rid, deployment_id }, query: { days } },
        }),
      ),
    refetchInterval: (query) => (query.state.data?.deployment.state === "unknown" ? UNTIL_ASKED_MS : false),
    placeholderData: (before: DeploymentDetail | undefined) =>
      before?.deployment.id === deployment_id ? before : undefined,
  });

export const insideQuery = (rid: string, deployment_id: string) =>
  queryOptions({
    queryKey: ["deployed", rid, deployment_id, "inside"],
    queryFn: () =>
      ask(
        api.GET("/api/v1/restaurants/{rid}/deployments/{deployment_id}/inside", {
          params: { path: { rid, deployment_id } },
        }),
      ) as Promise<unknown> as Promise<Inside>,
    refetchInterval: 15_000,
  });

export const driftQuery = (rid: string, deployment_id: string) =>
  queryOptions({
    queryKey: ["deployments", rid, deployment_id, "drift"],
    queryFn: () =>
      ask<Drift>(
        api.GET("/api/v1/restaurants/{rid}/deployments/{deployment_id}/settings", {
          params: { path: { rid, deployment_id } },
        }),
      ),
  });

/** While one is under way it is looked at every second. */
export const triggerQuery = (rid: string, deployment_id: string) =>
  queryOptions({
    queryKey: ["deployments", rid, deployment_id, "trigger"],
    queryFn: () =>
      ask<TriggerPage>(
        api.GET("/api/v1/restaurants/{rid}/deployments/{deployment_id}/trigger", {
          params: { path: { rid, deployment_id } },
        }),
      ),
    refetchInterval: (query) => (query.state.data?.runs[0]?.state === "running" ? 1_000 : false),
  });

export function readRemoteLog(rid: string, deployment_id: string, stream: LogStream, query: Query) {
  return ask(
    api.GET("/api/v1/restaurants/{rid}/deployments/{deployment_id}/logs/{stream}", {
      params: { path: { rid, deployment_id, stream }, query },
    }),
  ) as Promise<unknown> as Promise<LogLines>;
}

/** Where a restaurant stands: a deployment, and which of its restaurants. */
export interface Spot {
  rid: string;
  deployment_id: string;
  restaurant_id: string;
}
const at = (spot: Spot) => ({ params: { path: { ...spot } } });

export const remoteBackupsQuery = (spot: Spot) =>
  queryOptions({
    queryKey: ["deployed", spot.rid, spot.deployment_id, spot.restaurant_id, "backups"],
    queryFn: () =>
      ask(
        api.GET("/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups", at(spot)),
      ) as Promise<unknown> as Promise<BackupsOverview>,
    refetchInterval: (query) =>
      query.state.data?.runs.some((run) => run.state === "running") === true ? 700 : 15_000,
    retry: false,
  });

export function startBackup(spot: Spot): Promise<BackupRun> {
  return ask(
    api.POST("/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups", at(spot)),
  ) as Promise<unknown> as Promise<BackupRun>;
}

export function stopRun(spot: Spot, one_id: string): Promise<unknown> {
  return ask(
    api.DELETE(
      "/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/runs/{one_id}",
      { params: { path: { ...spot, one_id } } },
    ),
  );
}

export function testBackup(spot: Spot, base_id: string): Promise<unknown> {
  return ask(
    api.POST("/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/tests", {
      ...at(spot),
      body: { base_id },
    }),
  );
}

export function writeFile(spot: Spot): Promise<BackupRun> {
  return ask(
    api.POST(
      "/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/files",
      at(spot),
    ),
  ) as Promise<unknown> as Promise<BackupRun>;
}

export function askRun(spot: Spot, one_id: string): Promise<BackupRun> {
  return ask(
    api.GET(
      "/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/runs/{one_id}",
      {
        params: { path: { ...spot, one_id } },
      },
    ),
  ) as Promise<unknown> as Promise<BackupRun>;
}

export const fileAddress = ({ rid, deployment_id, restaurant_id }: Spot, file: string) =>
  `/api/v1/restaurants/${rid}/deployments/${deployment_id}/at/${restaurant_id}/backups/files/${file}`;

export function prepareRestore(spot: Spot, body: { base_id: string; typed: string }): Promise<Restore> {
  return ask(
    api.POST("/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/restores", {
      ...at(spot),
      body,
    }),
  ) as Promise<unknown> as Promise<Restore>;
}

export const restoreQuery = (spot: Spot, one_id: string) =>
  queryOptions({
    queryKey: ["deployed", spot.rid, spot.deployment_id, spot.restaurant_id, "restore", one_id],
    queryFn: () =>
      ask(
        api.GET(
          "/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/restores/{one_id}",
          { params: { path: { ...spot, one_id } } },
        ),
      ) as Promise<unknown> as Promise<Restore>,
    refetchInterval: (query) => (query.state.data?.state === "making" ? 500 : false),
  });

export function forgetRestore(spot: Spot, one_id: string): Promise<unknown> {
  return ask(
    api.DELETE(
      "/api/v1/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/restores/{one_id}",
      { params: { path: { ...spot, one_id } } },
    ),
  );
}
