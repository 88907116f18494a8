// Keys: ["jobs"], ["jobs", "runs"]. They belong to the engine, not to a restaurant.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { JobRuns, Jobs } from "../api/types";

const LOOK_AGAIN_MS = 5_000;

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: () => ask<Jobs>(api.GET("/api/v1/jobs")),
  refetchInterval: LOOK_AGAIN_MS,
});

export const jobRunsQuery = queryOptions({
  queryKey: ["jobs", "runs"],
  queryFn: () => ask<JobRuns>(api.GET("/api/v1/jobs/runs", { params: { query: { limit: 20 } } })),
  refetchInterval: LOOK_AGAIN_MS,
});
