// A line is begun, done or brought; or called back; or a whole ticket is. The answer goes onto every kitchen list at
// once, so that a finger never waits for the line.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import type { Brought, Kitchen, TicketLine, TicketLines } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { withBrought, withLines } from "./lists";
import { broughtQuery } from "./queries";

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

function usePutLines(): (answer: TicketLines) => void {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return ({ order_id, lines }) => {
    for (const [key, kitchen] of client.getQueriesData<Kitchen>({
      queryKey: ["kitchen", rid],
      predicate: (query) => query.queryKey[2] !== "brought",
    })) {
      if (kitchen === undefined) continue;
      const ticket = kitchen.tickets.find((one) => one.order_id === order_id);
      const station = key[2] === "all" ? undefined : String(key[2]);
      client.setQueryData(
        broughtQuery(rid, station).queryKey,
        (old) => old && { items: withBrought(old.items, ticket, lines, Date.now()) },
      );
      client.setQueryData<Kitchen>(key, withLines(kitchen, lines));
    }
    // What is being asked for since before the step would come without it, and the next key would call back another.
    void client.invalidateQueries({ queryKey: ["kitchen", rid, "brought"] });
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
    onDone: (line, { order_id }) => put({ order_id, lines: [line] }),
    onFailed: useComplain(),
  });
}

/** Steps of whole tickets, to see whether one is under way. */
const TICKET_STEP = "kitchen.ticket";

/** The lines are named, so that what was fired while the finger came down is not bumped with them. */
export function useTicketStep() {
  const rid = useRestaurantId();
  const put = usePutLines();
  return useCommand<TicketWish, TicketLines>({
    name: TICKET_STEP,
    run: ({ order_id, line_ids, to }, key) => {
      const params = { path: { rid, order_id }, header: { "Idempotency-Key": key } };
      return to === "fired"
        ? ask(api.POST("/api/v1/restaurants/{rid}/kitchen/{order_id}/recall", { params, body: { line_ids } }))
        : ask(
            api.POST("/api/v1/restaurants/{rid}/kitchen/{order_id}/bump", { params, body: { to, line_ids } }),
          );
    },
    onDone: put,
    onFailed: useComplain(),
  });
}

export const recallOf = (ticket: Brought): TicketWish => ({
  order_id: ticket.order_id,
  line_ids: ticket.lines.map((line) => line.line_id),
  to: "fired",
});

/** Calls back what was brought last, which is known once the step before it is: fingers are faster than answers. */
export function useRecallLast(station: string | undefined): () => void {
  const rid = useRestaurantId();
  const client = useQueryClient();
  const step = useTicketStep();
  return () =>
    void noneUnderWay(client).then(() => {
      const last = client.getQueryData(broughtQuery(rid, station).queryKey)?.items[0];
      if (last !== undefined) step.mutate(recallOf(last));
    });
}

function noneUnderWay(client: QueryClient): Promise<void> {
  const isUnderWay = () => client.isMutating({ mutationKey: [TICKET_STEP] }) > 0;
  if (!isUnderWay()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = client.getMutationCache().subscribe(() => {
      if (isUnderWay()) return;
      stop();
      resolve();
    });
  });
}
