// Keys: ["tickets", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { PrintTicket, PrintTickets } from "../api/types";

/** Besides the live line: tickets are in no record, so a screen that missed a word of them is not told again. */
const LOOK_AGAIN_MS = 15_000;

/** Not on paper yet; those in trouble are the alarm. */
export const ticketsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["tickets", rid],
    queryFn: () =>
      ask<PrintTickets>(api.GET("/api/v1/restaurants/{rid}/tickets", { params: { path: { rid } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });

/** Those somebody has to see to, or that are being tried again. */
export function inTrouble(tickets: PrintTickets | undefined): PrintTicket[] {
  return (tickets?.items ?? []).filter((ticket) => ticket.failing_since_ms != null);
}
