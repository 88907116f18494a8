// A line is begun, done or brought; or called back; or a whole ticket is. The answer goes onto every kitchen list at
// once, so that a finger never waits for the line.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import type { Kitchen, TicketLine, TicketLines } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { kitchenQuery } from "./queries";

export type Step = "preparing" | "ready" | "served";
interface Wish {
  order_id: string;
  line_id: string;
  to: Step | "fired";
}
interface TicketWish {
  order_id: string;
  line_ids: string[];
  to: Step | "fired";
}

function usePutLines(): (lines: TicketLine[]) => void {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return (lines) => {
    client.setQueriesData<Kitchen>(
      {
        queryKey: kitchenQuery(rid).queryKey,
        // What was brought has another shape and is asked for again.
        predicate: (query) => query.queryKey[2] !== "brought",
      },
      (kitchen) => (kitchen === undefined ? undefined : withLines(kitchen, lines)),
    );
  };
}

export function useStep() {
  const rid = useRestaurantId();
  const put = usePutLines();
  return useCommand<Wish, TicketLine>({
    name: "kitchen.step",
    run: ({ order_id, line_id, to }, key) => {
      const params = { path: { rid, order_id, line_id }, header: { "Idempotency-Key": key } };
      return to === "fired"
        ? ask(api.POST("/api/v1/restaurants/{rid}/kitchen/{order_id}/lines/{line_id}/recall", { params }))
        : ask(
            api.POST("/api/v1/restaurants/{rid}/kitchen/{order_id}/lines/{line_id}/bump", {
              params,
              body: { to },
            }),
          );
    },
    onDone: (line) => put([line]),
    onFailed: useComplain(),
  });
}

/** The lines are named, so that what was fired while the finger came down is not bumped with them. */
export function useTicketStep() {
  const rid = useRestaurantId();
  const put = usePutLines();
  return useCommand<TicketWish, TicketLines>({
    name: "kitchen.ticket",
    run: ({ order_id, line_ids, to }, key) => {
      const params = { path: { rid, order_id }, header: { "Idempotency-Key": key } };
      return to === "fired"
        ? ask(api.POST("/api/v1/restaurants/{rid}/kitchen/{order_id}/recall", { params, body: { line_ids } }))
        : ask(
            api.POST("/api/v1/restaurants/{rid}/kitchen/{order_id}/bump", { params, body: { to, line_ids } }),
          );
    },
    onDone: ({ lines }) => put(lines),
    onFailed: useComplain(),
  });
}

function withLines(kitchen: Kitchen, lines: TicketLine[]): Kitchen {
  const fresh = new Map(lines.map((line) => [line.line_id, line]));
  const tickets = kitchen.tickets.map((ticket) => ({
    ...ticket,
    lines: ticket.lines
      .map((old) => fresh.get(old.line_id) ?? old)
      .filter((line) => line.state !== "served" && line.state !== "voided"),
  }));
  return { ...kitchen, tickets: tickets.filter((ticket) => ticket.lines.length > 0) };
}
