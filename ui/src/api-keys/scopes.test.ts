import { describe, expect, it } from "vitest";
import { byPart, onlyReading } from "./scopes";

describe("what a key may do", () => {
  it("stands together by what it is about, in the order of the engine", () => {
    expect(byPart(["orders.read", "menu.read", "orders.void_fired"])).toEqual([
      { part: "orders", scopes: ["orders.read", "orders.void_fired"] },
      { part: "menu", scopes: ["menu.read"] },
    ]);
  });

  it("is only reading where nothing can be changed", () => {
    expect(onlyReading(["orders.read", "orders.write", "clock.own", "reports.read"])).toEqual([
      "orders.read",
      "reports.read",
    ]);
  });
});
