// A line is begun, done or brought; or called back. The answer goes onto every kitchen list at once, so that a
// finger never waits for the line.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import type { Kitchen, TicketLine } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { kitchenQuery } from "./queries";

export type Step = "preparing" | "ready" | "served";
interface Wish {
  order_id: string;
  line_id: string;
  to: Step | "fired";
}

export function useStep() {
  const rid = useRestaurantId();
  const client = useQueryClient();
  const complain = useComplain();
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
    onDone: (line) => {
      client.setQueriesData<Kitchen>({ queryKey: kitchenQuery(rid).queryKey }, (kitchen) =>
        kitchen === undefined ? undefined : withLine(kitchen, line),
      );
    },
    onFailed: complain,
  });
}

function withLine(kitchen: Kitchen, line: TicketLine): Kitchen {
  return {
    ...kitchen,
    tickets: kitchen.tickets.map((ticket) => ({
      ...ticket,
      lines: ticket.lines.map((old) => (old.line_id === line.line_id ? line : old)),
    })),
  };
}
