// Open the drawer, close it with what was counted, close the day.
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import type { NewCashMove, TillSession, ZReport } from "../api/types";
import { useRestaurantId } from "../app/queries";
import type { Counted } from "./CountField";

export function useOpenTill(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand<Counted, unknown>({
    name: "till.open",
    run: ({ minor, counts }, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/till/open", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body: { float_minor: minor, ...(counts.length > 0 ? { counts } : {}) },
        }),
      ),
    onDone,
  });
}

export function useMoveCash(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand<NewCashMove, unknown>({
    name: "till.move",
    run: (body, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/till/moves", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone,
  });
}

/** Without a sale; the reason stays in the records. */
export function useOpenDrawer(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand<{ reason: string }, unknown>({
    name: "till.drawer",
    run: (body, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/till/drawer", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone,
  });
}

/** `session` says which drawer is meant: the same count on another evening is another wish. */
export function useCloseTill(onDone: (session: TillSession) => void) {
  const rid = useRestaurantId();
  return useCommand<Counted & { session: string }, { session: TillSession }>({
    name: "till.close",
    run: ({ minor, counts }, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/till/close", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body: { counted_minor: minor, ...(counts.length > 0 ? { counts } : {}) },
        }),
      ),
    onDone: (answer) => onDone(answer.session),
  });
}

export function useCloseDay(onDone: (report: ZReport) => void) {
  const rid = useRestaurantId();
  return useCommand<{ business_date: string }, ZReport>({
    name: "till.close_day",
    run: (_values, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/till/z", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone,
  });
}
