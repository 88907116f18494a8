// Turns one entry of the record into a sentence and what changed by it. Pure: which sentence and with what; the
// words are in locales.
import type { HistoryEntry, Line } from "../api/types";

type Row = Record<string, unknown>;
type Change = Omit<HistoryEntry["changes"][number], "before" | "after" | "key"> & {
  key: Row;
  before: Row;
  after: Row;
};

export type Sentence =
  | "open_order"
  | "open_order_empty"
  | "add_lines"
  | "fire_lines"
  | "set_course"
  | "serve_lines"
  | "start_line"
  | "ready_line"
  | "recall_line"
  | "void_line"
  | "take_cash"
  | "take_card"
  | "ask_card"
  | "capture_card"
  | "end_card"
  | "void_payment"
  | "give_refund"
  | "save_draft"
  | "abandon_draft"
  | "cancel_order"
  | "record_sales"
  | "split_order"
  | "share_check"
  | "unsplit_order"
  | "transfer_order"
  | "merge_orders"
  | "give_discount"
  | "take_back_discount"
  | "comp_lines"
  | "set_service_charge"
  | "undo_step"
  | "change_order"
  | "split_by_seat"
  | "other";

export interface Told {
  sentence: Sentence;
  /** Names of the lines it was about, with their quantities. */
  items: { name: string; quantity_milli: number }[];
  reason: string | null;
  amount_minor: number;
  tip_minor: number;
  /** Before -> after, by column; ids and keys left out. */
  changes: { about: string; table: string; column: string; before: unknown; after: unknown }[];
}

const row = (value: unknown): Row => (typeof value === "object" && value !== null ? (value as Row) : {});
const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Columns that say nothing to a person. */
const silent = /(^|_)id$|^(terms|hour|opened_by|added_by|voided_by|taken_by|taxes)$/;
const COLUMNS_MAX = 24;

export function tell(entry: HistoryEntry, lines: Line[]): Told {
  const changes: Change[] = entry.changes.map((change) => ({
    ...change,
    key: row(change.key),
    before: row(change.before),
    after: row(change.after),
  }));
  const known = new Map(lines.map((line) => [line.id, line]));
  const of = (change: Change) => {
    const line = known.get(String(change.key["id"]));
    const name = text(change.after["name"]) ?? line?.name ?? text(change.before["name"]);
    return name === null
      ? null
      : { name, quantity_milli: number(change.after["quantity_milli"]) || line?.quantity_milli || 1000 };
  };
  const ofLines = changes.filter((change) => change.table === "order_line");
  const items = ofLines.map(of).filter((item) => item !== null);
  const payment =
    changes.find((change) => change.table === "payment" && change.op === "insert") ??
    changes.find((change) => change.table === "payment_attempt");
  const order = changes.find((change) => change.table === "orders");
  const first = ofLines[0];
  const refund = changes.find((change) => change.table === "refund" && change.op === "insert");
  const discount = changes.find((change) => change.table === "order_discount");
  return {
    sentence: sentenceOf(entry.action, items.length, first, payment),
    items,
    reason:
      text(first?.after["void_reason"]) ??
      text(first?.after["comp_reason"]) ??
      text(first?.after["discount_reason"]) ??
      text(refund?.after["reason"]) ??
      text(payment?.after["reason"]) ??
      (payment?.after["voids"] == null ? null : text(payment.after["reference"])) ??
      text(discount?.after["reason"] ?? discount?.before["reason"]) ??
      text(order?.after["service_reason"]) ??
      text(order?.after["cancel_reason"]),
    amount_minor:
      number((refund ?? payment)?.after["amount_minor"]) +
      number((refund ?? payment)?.after["rounding_minor"]),
    tip_minor: number(payment?.after["tip_minor"]),
    changes: changes
      .flatMap((change) =>
        [...new Set([...Object.keys(change.before), ...Object.keys(change.after)])]
          .filter((column) => !silent.test(column))
          .map((column) => ({
            about: change.table === "order_line" ? (of(change)?.name ?? "") : "",
            table: change.table,
            column,
            before: change.before[column] ?? null,
            after: change.after[column] ?? null,
          })),
      )
      .filter(({ before, after }) => before !== after)
      .slice(0, COLUMNS_MAX),
  };
}

function sentenceOf(action: string, items: number, line?: Change, payment?: Change): Sentence {
  switch (action) {
    case "open_order":
      return items > 0 ? "open_order" : "open_order_empty";
    case "submit_draft":
      if (line?.after["added_ms"] != null) return "add_lines";
      return items > 0 ? "open_order" : "open_order_empty";
    case "bump_line":
    case "bump_lines":
      if (line?.after["served_ms"] != null) return "serve_lines";
      return line?.after["ready_ms"] != null ? "ready_line" : "start_line";
    case "take_payment":
      return payment?.after["tender"] === "card" ? "take_card" : "take_cash";
    case "recall_lines":
      return "recall_line";
    case "begin_payment":
      return "ask_card";
    case "capture_payment":
      return "capture_card";
    case "end_attempt":
      return "end_card";
    case "void_payment":
    case "give_refund":
    case "save_draft":
    case "abandon_draft":
    case "add_lines":
    case "fire_lines":
    case "set_course":
    case "serve_lines":
    case "recall_line":
    case "void_line":
    case "cancel_order":
    case "record_sales":
    case "split_order":
    case "share_check":
    case "unsplit_order":
    case "transfer_order":
    case "merge_orders":
    case "give_discount":
    case "take_back_discount":
    case "comp_lines":
    case "set_service_charge":
    case "undo_step":
    case "change_order":
    case "split_by_seat":
      return action;
    default:
      return "other";
  }
}
