// Key: ["second-factor"]. It is of the person who is here, and is looked up whenever somebody asks.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

export type SecondFactor = components["schemas"]["SecondFactor"];
export type Begun = components["schemas"]["BegunSecondFactor"];
export type RecoveryCodes = components["schemas"]["RecoveryCodes"];

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: () => ask<SecondFactor>(api.GET("/api/v1/me/second-factor")),
  staleTime: 0,
  gcTime: 0,
});
