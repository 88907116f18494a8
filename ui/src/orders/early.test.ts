import { describe, expect, it } from "vitest";
import { type Early, early } from "./early";

function check(text: string, isNew: boolean, expected: Partial<Early>) {
  const nothing = { table: "", typed: "", isEntered: false, isAtMenu: false };
  expect(early(text, isNew)).toEqual({ ...nothing, ...expected });
}

describe("what is typed before the dialog has its fields", () => {
  it("is the table of a new order, and after Enter what is looked for", () => {
    check("", true, {});
    check("12", true, { table: "12" });
    check("12\n", true, { table: "12", isAtMenu: true });
    check("12\nmarg\n", true, { table: "12", typed: "marg", isEntered: true, isAtMenu: true });
  });

  it("is looked for at once where the order has its table", () => {
    check("marg", false, { typed: "marg", isAtMenu: true });
    check("marg\n", false, { typed: "marg", isEntered: true, isAtMenu: true });
  });

  it("means nothing by Enter alone", () => {
    check("\n", false, { isAtMenu: true });
  });
});
