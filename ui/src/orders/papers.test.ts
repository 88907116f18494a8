import { describe, expect, it } from "vitest";
import type { Order } from "../api/types";
import { likeliest, onPaper } from "./papers";

const order = (over: object) =>
  ({
    id: "o",
    number: "A-0001",
    state: "open",
    lines_count: 2,
    totals: { due_minor: 1000, paid_minor: 0 },
    checks: [],
    ...over,
  }) as unknown as Order;
const papersOf = (over: object) => onPaper(order(over)).map(({ papers }) => papers);

describe("what can be printed of an order", () => {
  it("is a bill until it is paid, then a receipt, and both in between", () => {
    expect(papersOf({})).toEqual([["bill"]]);
    expect(papersOf({ totals: { due_minor: 500, paid_minor: 500 } })).toEqual([["bill", "receipt"]]);
    expect(papersOf({ totals: { due_minor: 0, paid_minor: 1000 } })).toEqual([["receipt"]]);
  });

  it("is nothing of an order that is empty or cancelled", () => {
    expect(papersOf({ lines_count: 0 })).toEqual([]);
    expect(papersOf({ state: "cancelled" })).toEqual([]);
  });

  it("is a paper for each check, the one that owes first", () => {
    const all = onPaper(
      order({
        checks: [
          { id: "o", number: "A-0001", due_minor: 0, paid_minor: 500 },
          { id: "c", number: "A-0001/2", due_minor: 500, paid_minor: 0 },
        ],
      }),
    );
    expect(all.map(({ papers }) => papers)).toEqual([["receipt"], ["bill"]]);
    expect(likeliest(all, null)?.check_id).toBe("c");
    expect(likeliest(all, "o")?.check_id).toBe("o");
    expect(likeliest([], null)).toBeUndefined();
  });
});
