import { describe, expect, it } from "vitest";
import type { HistoryEntry, Line } from "../api/types";
import { tell } from "./story";

const pizza = { id: "l1", name: "Margherita", quantity_milli: 2000 } as Line;
const entry = (action: string, changes: HistoryEntry["changes"]): HistoryEntry => ({
  entry: 7,
  at_ms: 0,
  actor_name: "Ana",
  action,
  summary_key: `history.${action}`,
  outcome: "done",
  changes,
});
const ofLine = (before: object, after: object, op = "update") => ({
  table: "order_line",
  op,
  key: { order_id: "o", id: "l1" },
  before,
  after,
});

describe("the story of an order", () => {
  it("names what was fired though the change holds only the hour", () => {
    const told = tell(entry("fire_lines", [ofLine({ fired_ms: null }, { fired_ms: 5 })]), [pizza]);
    expect(told.sentence).toBe("fire_lines");
    expect(told.items).toEqual([{ name: "Margherita", quantity_milli: 2000 }]);
    expect(told.changes).toEqual([
      { about: "Margherita", table: "order_line", column: "fired_ms", before: null, after: 5 },
    ]);
  });

  it("tells a void with its reason", () => {
    const told = tell(entry("void_line", [ofLine({}, { voided_ms: 5, void_reason: "dropped" })]), [pizza]);
    expect(told).toMatchObject({ sentence: "void_line", reason: "dropped" });
  });

  it("tells how it was paid, with the rounding of cash in the sum", () => {
    const after = { tender: "cash", amount_minor: 1291, rounding_minor: -1, tip_minor: 100 };
    const told = tell(
      entry("take_payment", [{ table: "payment", op: "insert", key: { id: "p" }, before: null, after }]),
      [],
    );
    expect(told).toMatchObject({ sentence: "take_cash", amount_minor: 1290, tip_minor: 100 });
  });

  it("tells money that went back, and what is only being taken", () => {
    const after = { tender: "cash", amount_minor: 1100, rounding_minor: 0, reason: "Cold" };
    const change = { table: "refund", op: "insert", key: { id: "r" }, before: null, after };
    const told = tell(entry("give_refund", [change]), []);
    expect(told).toMatchObject({ sentence: "give_refund", amount_minor: 1100, reason: "Cold" });
    expect(tell(entry("save_draft", []), []).sentence).toBe("save_draft");
  });

  it("knows a bump by where it led", () => {
    const check = (after: object, sentence: string) =>
      expect(tell(entry("bump_line", [ofLine({}, after)]), [pizza]).sentence).toBe(sentence);
    check({ started_ms: 1 }, "start_line");
    check({ ready_ms: 1 }, "ready_line");
    check({ served_ms: 1 }, "serve_lines");
  });

  it("leaves ids out and has a word for what it does not know", () => {
    const told = tell(entry("juggle", [ofLine({}, { item_id: "x", note: "hot" }, "insert")]), []);
    expect(told.sentence).toBe("other");
    expect(told.changes.map((change) => change.column)).toEqual(["note"]);
  });
});
