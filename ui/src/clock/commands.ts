import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { OwnClock, Shift, TimeSpan } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { ownClockQuery } from "./queries";

const steps = {
  in: "/api/v1/restaurants/{rid}/clock/in",
  out: "/api/v1/restaurants/{rid}/clock/out",
  break: "/api/v1/restaurants/{rid}/clock/break",
  resume: "/api/v1/restaurants/{rid}/clock/resume",
} as const;
export type Step = keyof typeof steps;

/** `for` is the person and the moment of the shift: pressing "in" tomorrow is another wish. */
export function useClockStep(onDone?: (clock: OwnClock, step: Step) => void) {
  const queryClient = useQueryClient();
  const rid = useRestaurantId();
  return useCommand({
    name: "clock.step",
    run: ({ step }: { step: Step; for: string }, key) =>
      ask<OwnClock>(api.POST(steps[step], { params: { path: { rid }, header: { "Idempotency-Key": key } } })),
    onDone: (clock, { step }) => {
      queryClient.setQueryData(ownClockQuery(rid).queryKey, clock);
      onDone?.(clock, step);
    },
    onFailed: useComplain(),
  });
}

export interface WrittenTime {
  started_ms: number;
  ended_ms: number;
  breaks: TimeSpan[];
  reason: string;
}

export function useAddTime(onDone: (shift: Shift) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "clock.add",
    run: (body: WrittenTime & { staff_id: string }, key) =>
      ask<Shift>(
        api.POST("/api/v1/restaurants/{rid}/clock/entries", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone,
  });
}

export function useCorrectTime(onDone: (shift: Shift) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "clock.correct",
    run: ({ id, ...body }: WrittenTime & { id: string }, key) =>
      ask<Shift>(
        api.PATCH("/api/v1/restaurants/{rid}/clock/entries/{entry_id}", {
          params: { path: { rid, entry_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone,
  });
}

export function useVoidTime(onDone: (shift: Shift) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "clock.void",
    run: ({ id, reason }: { id: string; reason: string }, key) =>
      ask<Shift>(
        api.POST("/api/v1/restaurants/{rid}/clock/entries/{entry_id}/void", {
          params: { path: { rid, entry_id: id }, header: { "Idempotency-Key": key } },
          body: { reason },
        }),
      ),
    onDone,
  });
}
