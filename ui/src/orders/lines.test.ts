import { describe, expect, it } from "vitest";
import type { Line, LineState, Order } from "../api/types";
import { backOf, groupLines, pieces } from "./lines";

const line = (id: string, state: LineState, fired_at_ms: number | null): Line => ({
  id,
  name: id,
  quantity_milli: 1000,
  unit_price_minor: 100,
  total_minor: 100,
  tax_rate_bp: 1000,
  note: null,
  seat: null,
  station: "kitchen",
  state,
  added_by_name: "Ana",
  added_at_ms: 0,
  fired_at_ms,
});

describe("lines of an order", () => {
  it("stand by the moment they were fired, held ones last", () => {
    const groups = groupLines([
      line("dessert", "held", null),
      line("main", "ready", 20),
      line("steak", "fired", 20),
      line("starter", "served", 10),
    ]);
    expect(
      groups.map(({ kind, lines, ready, count }) => [kind, lines.map((l) => l.id), ready, count]),
    ).toEqual([
      ["served", ["starter"], 1, 1],
      ["fired", ["main", "steak"], 1, 2],
      ["held", ["dessert"], 0, 1],
    ]);
  });

  it("keep a voided one where it was and do not count it", () => {
    const [group] = groupLines([line("a", "voided", 10), line("b", "served", 10)]);
    expect(group).toMatchObject({ kind: "served", ready: 1, count: 1 });
    expect(groupLines([line("a", "voided", null)])[0]?.kind).toBe("voided");
  });

  it("say what was given back of them, and how many dishes they are", () => {
    const two = { ...line("a", "served", 10), quantity_milli: 2000 };
    const half = { ...line("b", "served", 10), quantity_milli: 350 };
    const refunds = [
      { lines: [{ line_id: "a", quantity_milli: 1000, amount_minor: 500 }] },
      { lines: [{ line_id: "a", amount_minor: 100 }] },
    ];
    const order = { lines: [two, half], refunds } as unknown as Order;
    expect(backOf(order, two)).toEqual([{ quantity_milli: 3000, minor: 600 }]);
    expect(backOf(order, half)).toEqual([]);
    expect(pieces([two, half])).toBe(3);
  });
});
