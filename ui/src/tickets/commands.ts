import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { PrintTicket, PrintTickets } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { ticketsQuery } from "./queries";

function usePut(): (ticket: PrintTicket) => void {
  const queryClient = useQueryClient();
  const rid = useRestaurantId();
  return (ticket) =>
    queryClient.setQueryData<PrintTickets>(ticketsQuery(rid).queryKey, (tickets) =>
      tickets === undefined
        ? tickets
        : {
            ...tickets,
            items: tickets.items
              .map((one) => (one.id === ticket.id ? ticket : one))
              .filter((one) => one.done_ms == null),
          },
    );
}

/** `attempts` makes pressing again after another failure another wish. */
export function useSendTicket() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "tickets.send",
    run: ({ id, station_id }: { id: string; station_id: string; attempts: number }, key) =>
      ask<PrintTicket>(
        api.POST("/api/v1/restaurants/{rid}/tickets/{ticket_id}/send", {
          params: { path: { rid, ticket_id: id }, header: { "Idempotency-Key": key } },
          body: { station_id },
        }),
      ),
    onDone: put,
    onFailed: useComplain(),
  });
}

export function useSeeToTicket() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "tickets.byHand",
    run: ({ id }: { id: string; attempts: number }, key) =>
      ask<PrintTicket>(
        api.POST("/api/v1/restaurants/{rid}/tickets/{ticket_id}/by-hand", {
          params: { path: { rid, ticket_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: put,
    onFailed: useComplain(),
  });
}
