import { describe, expect, it } from "vitest";
import type { Order, Refundable } from "../api/types";
import { checkOf, tenderOf } from "./checks";

/** Two checks: bread on the first, paid in cash; wine on the second, paid by card, later. */
const order = {
  id: "first",
  lines: [
    { id: "bread", state: "served" },
    { id: "wine", state: "served", check_id: "second" },
  ],
  checks: [
    { id: "first", number: "A-1" },
    { id: "second", number: "A-1/2" },
  ],
  payments: [{ id: "cash" }, { id: "card", check_id: "second" }],
} as Order;
const can = (cash: number, card: number) =>
  ({
    payments: [
      { payment_id: "cash", tender: "cash", left_minor: cash },
      { payment_id: "card", tender: "card", left_minor: card },
    ],
  }) as Refundable;

describe("what is given back", () => {
  it("is said with the check its line is on, where there are several", () => {
    expect(checkOf(order, "bread")?.number).toBe("A-1");
    expect(checkOf(order, "wine")?.number).toBe("A-1/2");
    expect(checkOf({ ...order, checks: order.checks.slice(0, 1) }, "bread")).toBeNull();
  });

  it("goes back as the check of its line was paid, else as the newest payment with something left", () => {
    expect(tenderOf(order, can(400, 900), ["bread"])).toBe("cash");
    expect(tenderOf(order, can(400, 900), ["wine", "bread"])).toBe("card");
    expect(tenderOf(order, can(0, 900), ["bread"])).toBe("card");
    expect(tenderOf(order, can(400, 0), [])).toBe("cash");
    expect(tenderOf(order, can(0, 0), ["bread"])).toBeNull();
  });
});
