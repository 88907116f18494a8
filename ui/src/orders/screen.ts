// What the orders page shows, kept in its address: the view, the order beside it, the filters of the table.
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import type { OrderSummary } from "../api/types";

const route = getRouteApi("/shell/orders");

export interface Screen {
  view?: string | undefined;
  order?: string | undefined;
  tab?: string | undefined;
  new?: string | undefined;
  table?: string | undefined;
  state?: string | undefined;
  date?: string | undefined;
  q?: string | undefined;
}

export function useScreen() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = useCallback(
    (change: Screen, how: { replace?: boolean } = {}) => {
      void navigate({
        search: (old: Screen) =>
          Object.fromEntries(
            Object.entries({ ...old, ...change }).filter(([, value]) => value !== undefined && value !== ""),
          ),
        replace: how.replace ?? false,
      });
    },
    [navigate],
  );
  const states: OrderSummary["state"][] = ["open", "completed", "cancelled"];
  return {
    view: search.view === "table" ? ("table" as const) : ("board" as const),
    order: search.order,
    isHistory: search.tab === "history",
    isNew: search.new !== undefined,
    /** The new order is for this table. */
    table: search.table,
    state: states.find((state) => state === search.state),
    date: search.date !== undefined && /^\d{4}-\d\d-\d\d$/.test(search.date) ? search.date : undefined,
    q: search.q,
    set,
  };
}
