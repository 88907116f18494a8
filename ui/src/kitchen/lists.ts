// What the answer to a step means for the lists on screen, so that they are right before they are asked for again.
// Pure.
import type { Brought, Kitchen, TicketLine } from "../api/types";

type Ticket = Kitchen["tickets"][number];

/** The lines as they are now; what was brought or voided leaves the kitchen. */
export function withLines(kitchen: Kitchen, lines: TicketLine[]): Kitchen {
  const fresh = new Map(lines.map((line) => [line.line_id, line]));
  const tickets = kitchen.tickets.map((ticket) =>
    ticket.lines.some((line) => fresh.has(line.line_id))
      ? { ...ticket, lines: put(ticket.lines, fresh) }
      : ticket,
  );
  return { ...kitchen, tickets: tickets.filter((ticket) => ticket.lines.length > 0) };
}

function put(lines: TicketLine[], fresh: Map<string, TicketLine>): TicketLine[] {
  return lines
    .map((old) => fresh.get(old.line_id) ?? old)
    .filter((line) => line.state !== "served" && line.state !== "voided");
}

/** What was just brought of a ticket is the first that can be called back; what was called back no longer can. */
export function withBrought(
  items: Brought[],
  ticket: Ticket | undefined,
  lines: TicketLine[],
  at_ms: number,
): Brought[] {
  const stepped = new Set(lines.map((line) => line.line_id));
  const rest = items
    .map((one) => ({ ...one, lines: one.lines.filter((line) => !stepped.has(line.line_id)) }))
    .filter((one) => one.lines.length > 0);
  const shown = new Set(ticket?.lines.map((line) => line.line_id));
  const brought = lines.filter((line) => line.state === "served" && shown.has(line.line_id));
  if (ticket === undefined || brought.length === 0) return rest;
  const { order_id, number, table, service } = ticket;
  return [{ order_id, number, table, service, served_at_ms: at_ms, lines: brought }, ...rest];
}
