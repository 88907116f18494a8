// Keys: ["orders", restaurant, "open" | "list" | "one" | "history", …] and ["drafts", restaurant].
import { useDebouncedValue } from "@mantine/hooks";
import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { HistoryEntry, Order, OrderSummary, Page, SavedDraft } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";

/** The board shows at most this many; a restaurant with more open checks uses the table. */
const OPEN_MAX = 200;
const PAGE = 60;

export interface OrderFilter {
  state?: OrderSummary["state"] | undefined;
  business_date?: string | undefined;
  q?: string | undefined;
}

export const openOrdersQuery = (rid: string) =>
  queryOptions({
    queryKey: ["orders", rid, "open"],
    queryFn: () =>
      ask<Page<OrderSummary>>(
        api.GET("/api/v1/restaurants/{rid}/orders", {
          params: { path: { rid }, query: { state: "open", limit: OPEN_MAX } },
        }),
      ),
  });

export const orderListQuery = (rid: string, filter: OrderFilter) =>
  infiniteQueryOptions({
    queryKey: ["orders", rid, "list", filter],
    queryFn: ({ pageParam }) =>
      ask<Page<OrderSummary>>(
        api.GET("/api/v1/restaurants/{rid}/orders", {
          params: {
            path: { rid },
            query: { ...filter, limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last: Page<OrderSummary>) => last.next_cursor,
  });

export const orderQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["orders", rid, "one", id],
    queryFn: () =>
      ask<Order>(
        api.GET("/api/v1/restaurants/{rid}/orders/{order_id}", { params: { path: { rid, order_id: id } } }),
      ),
    // Never the lines of one order under the name of another.
    placeholderData: undefined,
  });

export const orderHistoryQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["orders", rid, "history", id],
    queryFn: () =>
      ask<{ items: HistoryEntry[] }>(
        api.GET("/api/v1/restaurants/{rid}/orders/{order_id}/history", {
          params: { path: { rid, order_id: id } },
        }),
      ),
    placeholderData: undefined,
  });

/** The first few that match; for a list one picks from. */
const FOUND_MAX = 12;

export const foundOrdersQuery = (rid: string, q: string, state?: OrderSummary["state"]) =>
  queryOptions({
    queryKey: ["orders", rid, "found", q, state ?? "any"],
    queryFn: () =>
      ask<Page<OrderSummary>>(
        api.GET("/api/v1/restaurants/{rid}/orders", {
          params: {
            path: { rid },
            query: { q, limit: FOUND_MAX, ...(state === undefined ? {} : { state }) },
          },
        }),
      ),
  });

const TYPING_MS = 150;

/**
 * Any order by number, table, note or day, asked of the engine, which knows more than a screen has loaded.
 * Undefined while there is nothing to look for.
 */
export function useFoundOrders(
  typed: string,
  {
    from = 1,
    state,
  }: { /** Shorter is no number and no name. */ from?: number; state?: OrderSummary["state"] } = {},
): OrderSummary[] | undefined {
  const rid = useRestaurantId();
  const may = useMay();
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const isWanted = q.length >= from && may("orders.read");
  const found = useQuery({ ...foundOrdersQuery(rid, q, state), enabled: isWanted }).data;
  return isWanted ? found?.items : undefined;
}

export const draftsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["drafts", rid],
    queryFn: () =>
      ask<{ items: SavedDraft[] }>(
        api.GET("/api/v1/restaurants/{rid}/order-drafts", { params: { path: { rid } } }),
      ),
  });

export const invoicesQuery = (rid: string, id: string) =>
  queryOptions({
    queryKey: ["invoices", rid, id],
    queryFn: () =>
      ask(
        api.GET("/api/v1/restaurants/{rid}/orders/{order_id}/invoices", {
          params: { path: { rid, order_id: id } },
        }),
      ),
  });
