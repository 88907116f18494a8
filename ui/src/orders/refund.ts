// Keys: ["orders", restaurant, "refundable" | "refund", order, …].
import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { NewRefund, Order, Refundable, RefundPreview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { orderQuery } from "./queries";

const BASE = "/api/v1/restaurants/{rid}/orders/{order_id}";

export const refundableQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["orders", rid, "refundable", id],
    queryFn: () =>
      ask<Refundable>(api.GET(`${BASE}/refundable`, { params: { path: { rid, order_id: id } } })),
  });

type Wish = Pick<NewRefund, "lines" | "amount_minor">;

export const refundPreviewQuery = (rid: string, id: string, wish: Wish) =>
  queryOptions({
    queryKey: ["orders", rid, "refund", id, wish],
    queryFn: () =>
      ask<RefundPreview>(
        api.POST(`${BASE}/refunds/preview`, { params: { path: { rid, order_id: id } }, body: wish }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });

export function useRefund(onDone: () => void) {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return useCommand<NewRefund & { id: string }, Order>({
    name: "orders.refund",
    run: ({ id, ...body }, key) =>
      ask(
        api.POST(`${BASE}/refunds`, {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (order) => {
      client.setQueryData(orderQuery(rid, order.id).queryKey, order);
      onDone();
    },
  });
}
