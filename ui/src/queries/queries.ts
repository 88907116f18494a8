// Keys: ["queries", restaurant]. Nobody tells of statements, so the page looks again; often while a recording runs.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

type S = components["schemas"];
export type Queries = S["Queries"];
export type Statement = S["Statement"];
export type PlanStep = S["PlanStep"];
export type DatabaseIndex = S["DatabaseIndex"];
export type FileFigures = S["FileFigures"];

const RECORDING_AGAIN_MS = 2_000;
const LOOK_AGAIN_MS = 15_000;

export const fileQueriesQuery = (rid: string) =>
  queryOptions({
    queryKey: ["queries", rid],
    queryFn: () => ask<Queries>(api.GET("/api/v1/restaurants/{rid}/queries", { params: { path: { rid } } })),
    refetchInterval: ({ state }) =>
      state.data?.recording_left_s == null ? LOOK_AGAIN_MS : RECORDING_AGAIN_MS,
  });
