// A card payment in steps, and taking a payment back. Every answer is the order itself.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Order } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { orderQuery } from "./queries";
import type { Approval } from "./steps";

const BASE = "/api/v1/restaurants/{rid}/orders/{order_id}";

export type Attempt = NonNullable<Order["attempts"]>[number];

export const waiting = (order: Order): Attempt[] =>
  (order.attempts ?? []).filter((attempt) => attempt.state === "pending");

function useShown(onDone?: (order: Order) => void) {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return {
    rid,
    onDone: (order: Order) => {
      client.setQueryData(orderQuery(rid, order.id).queryKey, order);
      onDone?.(order);
    },
  };
}

interface Asked {
  id: string;
  check_id?: string;
  amount_minor: number;
  tip_minor?: number;
}

/** Asks a card for money; what comes of it is said later. */
export function useAskCard(done: () => void) {
  const { rid, onDone } = useShown(done);
  return useCommand<Asked, Order>({
    name: "orders.ask_card",
    run: ({ id, ...body }, key) =>
      ask(
        api.POST(`${BASE}/payment-attempts`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone,
  });
}

interface Ended {
  id: string;
  attempt: string;
  how: "capture" | "fail" | "void";
  reference: string;
  reason: string;
}

export function useEndCard(done: (order: Order, how: Ended["how"]) => void) {
  const { rid, onDone } = useShown();
  return useCommand<Ended, Order>({
    name: "orders.end_card",
    run: ({ id, attempt, how, reference, reason }, key) => {
      const params = {
        path: { rid, order_id: id, payment_id: attempt },
        header: { "Idempotency-Key": key },
      };
      const one = `${BASE}/payment-attempts/{payment_id}` as const;
      if (how === "capture")
        return ask(api.POST(`${one}/capture`, { params, body: reference === "" ? {} : { reference } }));
      const body = { reason };
      return ask(
        how === "fail"
          ? api.POST(`${one}/fail`, { params, body })
          : api.POST(`${one}/void`, { params, body }),
      );
    },
    onDone: (order, { how }) => {
      onDone(order);
      done(order, how);
    },
  });
}

export function useVoidPayment(done: () => void) {
  const { rid, onDone } = useShown(done);
  return useCommand<{ id: string; payment: string; reason: string; approval?: Approval }, Order>({
    name: "orders.void_payment",
    secret: true,
    run: ({ id, payment, ...body }, key) =>
      ask(
        api.POST(`${BASE}/payments/{payment_id}/void`, {
          params: { path: { rid, order_id: id, payment_id: payment }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone,
  });
}
