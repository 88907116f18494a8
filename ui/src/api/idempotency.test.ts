import { beforeEach, describe, expect, it } from "vitest";
import { keyFor, settle } from "./idempotency";

beforeEach(() => localStorage.clear());

describe("the key of a press", () => {
  it("stays the same until the answer is known", () => {
    const first = keyFor('orders.pay:{"amount_minor":7800}');
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(keyFor('orders.pay:{"amount_minor":7800}')).toBe(first);
    settle('orders.pay:{"amount_minor":7800}');
    expect(keyFor('orders.pay:{"amount_minor":7800}')).not.toBe(first);
    settle('orders.pay:{"amount_minor":7800}');
  });

  it("differs for a different wish", () => {
    expect(keyFor("a:1")).not.toBe(keyFor("a:2"));
  });

  it("survives a reload, and with a password leaves no trace in storage", () => {
    keyFor("orders.open:{}");
    expect(localStorage.getItem("comanda.pending")).toContain("key");
    localStorage.clear();
    keyFor('session.start:{"password":"s3cret"}', { secret: true });
    expect(localStorage.getItem("comanda.pending")).toBeNull();
  });

  it("is forgotten after a day", () => {
    const now_ms = Date.now();
    const old = keyFor("till.open:{}", { now_ms });
    expect(keyFor("till.open:{}", { now_ms: now_ms + 25 * 3600_000 })).not.toBe(old);
  });
});
