import { describe, expect, it } from "vitest";
import type { Brought, Kitchen, TicketLine } from "../api/types";
import { withBrought, withLines } from "./lists";

const line = (line_id: string, state: TicketLine["state"]): TicketLine => ({
  line_id,
  name: "Margherita",
  modifiers: [],
  quantity_milli: 1000,
  note: null,
  seat: null,
  course: null,
  state,
  fired_at_ms: 1,
  station_id: "00000000-0000-7000-8000-000000000001",
});
const ticket = (order_id: string, lines: TicketLine[]): Kitchen["tickets"][number] => ({
  order_id,
  number: order_id.toUpperCase(),
  table: "4",
  service: "dine_in",
  fired_at_ms: 1,
  lines,
});
const kitchen = (tickets: Kitchen["tickets"]): Kitchen => ({ now_ms: 5, stations: [], tickets, all_day: [] });
const older: Brought = { ...ticket("a", [line("a1", "served")]), served_at_ms: 3 };

describe("the lists of the kitchen after a step", () => {
  it("lose what was brought, and leave other tickets the very same", () => {
    const [one, other] = [
      ticket("b", [line("b1", "ready"), line("b2", "fired")]),
      ticket("c", [line("c1", "fired")]),
    ];
    const after = withLines(kitchen([one, other]), [line("b1", "served")]);
    expect(after.tickets.map((left) => left.lines.map((at) => at.line_id))).toEqual([["b2"], ["c1"]]);
    expect(after.tickets[1]).toBe(other);
    expect(withLines(kitchen([other]), [line("c1", "served")]).tickets).toEqual([]);
  });

  it("have what was brought last first", () => {
    const at = ticket("b", [line("b1", "ready")]);
    const after = withBrought([older], at, [line("b1", "served")], 9);
    expect(after.map((one) => [one.number, one.served_at_ms])).toEqual([
      ["B", 9],
      ["A", 3],
    ]);
    // The same answer again is no second ticket.
    expect(withBrought(after, at, [line("b1", "served")], 10)).toHaveLength(2);
  });

  it("name only lines this station shows, and drop what was called back", () => {
    const at = ticket("b", [line("b1", "ready")]);
    const [first] = withBrought([], at, [line("b1", "served"), line("b2", "served")], 9);
    expect(first?.lines.map((one) => one.line_id)).toEqual(["b1"]);
    expect(withBrought([older], undefined, [line("a1", "fired")], 9)).toEqual([]);
    expect(withBrought([older], at, [line("b1", "ready")], 9)).toEqual([older]);
  });
});
