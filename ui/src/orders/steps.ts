// What can be done to an order besides taking, firing and paying: divide it, move it, take something off it.
// Every answer is the order itself, which goes straight onto the screen.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Order } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { orderQuery } from "./queries";

const BASE = "/api/v1/restaurants/{rid}/orders/{order_id}";

/** Either a PIN, or e-mail and password. */
export type Approval = { pin: string } | { email: string; secret: string };
/** Where to, and under which key. */
interface Params {
  path: { rid: string; order_id: string };
  header: { "Idempotency-Key": string };
}
interface Step<B> {
  id: string;
  body: B;
}
type Call = Promise<{ data?: Order; error?: unknown; response: Response }>;

function useStep<B>(
  name: string,
  call: (params: Params, body: B) => Call,
  options: { onDone?: ((order: Order) => void) | undefined; secret?: boolean; complain?: boolean },
) {
  const rid = useRestaurantId();
  const client = useQueryClient();
  const complain = useComplain();
  return useCommand<Step<B>, Order>({
    name,
    run: ({ id, body }, key) =>
      ask(call({ path: { rid, order_id: id }, header: { "Idempotency-Key": key } }, body)),
    onDone: (order) => {
      client.setQueryData(orderQuery(rid, order.id).queryKey, order);
      options.onDone?.(order);
    },
    ...(options.complain === true ? { onFailed: complain } : {}),
    secret: options.secret ?? false,
  });
}

type Done = (order: Order) => void;

export const useTransfer = (onDone: Done) =>
  useStep<{ table: string }>(
    "orders.transfer",
    (params, body) => api.POST(`${BASE}/transfer`, { params, body }),
    {
      onDone,
    },
  );

export const useMerge = (onDone: Done) =>
  useStep<{ into: string }>("orders.merge", (params, body) => api.POST(`${BASE}/merge`, { params, body }), {
    onDone,
  });

export interface SplitBody {
  lines: { line_id: string; quantity_milli?: number }[];
  check_id?: string;
}
export const useSplit = () =>
  useStep<SplitBody>("orders.split", (params, body) => api.POST(`${BASE}/split`, { params, body }), {
    complain: true,
  });

export const useShare = () =>
  useStep<{ shares: number; check_id?: string }>(
    "orders.share",
    (params, body) => api.POST(`${BASE}/share`, { params, body }),
    { complain: true },
  );

export const useSplitBySeat = () =>
  useStep<null>("orders.split_by_seat", (params) => api.POST(`${BASE}/split-by-seat`, { params }), {
    complain: true,
  });

export const useUnsplit = () =>
  useStep<null>("orders.unsplit", (params) => api.POST(`${BASE}/unsplit`, { params }), { complain: true });

export const useUndo = (onDone: Done) =>
  useStep<null>("orders.undo", (params) => api.POST(`${BASE}/undo`, { params }), { onDone, complain: true });

export interface DiscountBody {
  line_id?: string;
  check_id?: string;
  rate_bp?: number;
  amount_minor?: number;
  reason: string;
  approval?: Approval;
}
export const useDiscount = (onDone: Done) =>
  useStep<DiscountBody>(
    "orders.discount",
    (params, body) => api.POST(`${BASE}/discounts`, { params, body }),
    {
      onDone,
      secret: true,
    },
  );

export const useTakeBackDiscount = () =>
  useStep<{ discount_id: string }>(
    "orders.take_back_discount",
    ({ path, header }, { discount_id }) =>
      api.DELETE(`${BASE}/discounts/{discount_id}`, { params: { path: { ...path, discount_id }, header } }),
    { complain: true },
  );

export const useTakeBackLineDiscount = () =>
  useStep<{ line_id: string }>(
    "orders.take_back_line_discount",
    ({ path, header }, { line_id }) =>
      api.DELETE(`${BASE}/lines/{line_id}/discount`, { params: { path: { ...path, line_id }, header } }),
    { complain: true },
  );

export interface CompBody {
  line_ids?: string[];
  reason: string;
  approval?: Approval;
}
export const useComp = (onDone: Done) =>
  useStep<CompBody>("orders.comp", (params, body) => api.POST(`${BASE}/comp`, { params, body }), {
    onDone,
    secret: true,
  });

/** Without a rate: what the restaurant charges on such an order. */
export const useServiceCharge = (onDone: Done) =>
  useStep<{ rate_bp?: number; reason: string; approval?: Approval }>(
    "orders.service_charge",
    (params, body) => api.POST(`${BASE}/service-charge`, { params, body }),
    { onDone, secret: true },
  );

export const useChangeOrder = (onDone: Done) =>
  useStep<{ covers?: number; note?: string }>(
    "orders.change",
    (params, body) => api.PATCH(BASE, { params, body }),
    { onDone },
  );
