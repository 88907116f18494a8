// What can be done to an order. Every answer is the order itself, which goes straight onto the screen; the
// `changed` event refreshes the rest.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import type { Order } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { orderQuery } from "./queries";
import type { Approval } from "./steps";

const BASE = "/api/v1/restaurants/{rid}/orders/{order_id}";

export interface NewPayment {
  id: string;
  tender: "cash" | "card" | "voucher";
  /** Of a split order; left out: the first. */
  check_id?: string;
  amount_minor: number;
  tip_minor?: number;
  tendered_minor?: number;
  reference?: string;
  cash_back_minor?: number;
}

/** Puts the answer where the open order is read from. */
function useShown(): (order: Order) => void {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return (order) => client.setQueryData(orderQuery(rid, order.id).queryKey, order);
}

/** `line_ids` always named, so that a retried press never fires what was added since. */
export function useFireLines() {
  const rid = useRestaurantId();
  const shown = useShown();
  return useCommand<{ id: string; line_ids: string[] }, Order>({
    name: "orders.fire",
    run: ({ id, line_ids }, key) =>
      ask(
        api.POST(`${BASE}/fire`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body: { line_ids },
        }),
      ),
    onDone: shown,
    onFailed: useComplain(),
  });
}

export function useSetCourse() {
  const rid = useRestaurantId();
  const shown = useShown();
  return useCommand<{ id: string; line_ids: string[]; course: number | null }, Order>({
    name: "orders.course",
    run: ({ id, ...body }, key) =>
      ask(
        api.POST(`${BASE}/course`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: shown,
    onFailed: useComplain(),
  });
}

export function useServeLines() {
  const rid = useRestaurantId();
  const shown = useShown();
  return useCommand<{ id: string; line_ids: string[] }, Order>({
    name: "orders.serve",
    run: ({ id, line_ids }, key) =>
      ask(
        api.POST(`${BASE}/serve`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body: { line_ids },
        }),
      ),
    onDone: shown,
    onFailed: useComplain(),
  });
}

export function useVoidLine(onDone: () => void) {
  const rid = useRestaurantId();
  const shown = useShown();
  return useCommand<{ id: string; line_id: string; reason: string; approval?: Approval }, Order>({
    name: "orders.void",
    secret: true,
    run: ({ id, line_id, ...body }, key) =>
      ask(
        api.POST(`${BASE}/lines/{line_id}/void`, {
          params: { path: { rid, order_id: id, line_id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (order) => {
      shown(order);
      onDone();
    },
  });
}

export function usePay(onDone: (order: Order) => void) {
  const rid = useRestaurantId();
  const shown = useShown();
  return useCommand<NewPayment, Order>({
    name: "orders.pay",
    run: ({ id, ...body }, key) =>
      ask(
        api.POST(`${BASE}/payments`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (order) => {
      shown(order);
      onDone(order);
    },
  });
}

export function useCancelOrder(onDone: () => void) {
  const rid = useRestaurantId();
  const shown = useShown();
  return useCommand<{ id: string; reason: string }, Order>({
    name: "orders.cancel",
    run: ({ id, reason }, key) =>
      ask(
        api.POST(`${BASE}/cancel`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body: { reason },
        }),
      ),
    onDone: (order) => {
      shown(order);
      onDone();
    },
  });
}
