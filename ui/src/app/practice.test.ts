import { afterEach, expect, test } from "vitest";
import { backToWork, isPractice, mayInPractice, practiseAt } from "./practice";

afterEach(backToWork);

const RID = "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11";
const at = (path: string) => `http://127.0.0.1:8787/api/v1/restaurants/${RID}${path}`;

test("at work nothing is practice", () => {
  expect(isPractice(at("/orders"))).toBe(false);
});

test("in practice all of a day's work is, and what goes in and out of it is not", () => {
  practiseAt(RID);
  expect(isPractice(at("/orders"))).toBe(true);
  expect(isPractice(at("/till/z"))).toBe(true);
  expect(isPractice(at("/practices"))).toBe(true);
  expect(isPractice(at(""))).toBe(false);
  expect(isPractice(at("/practice"))).toBe(false);
  expect(isPractice(at("/rewind?x=1"))).toBe(false);
  expect(isPractice("http://127.0.0.1:8787/api/v1/me")).toBe(false);
  expect(isPractice(at("/orders").replace(RID, "another"))).toBe(false);
});

test("what reaches beyond practice is not offered", () => {
  for (const can of ["orders.pay", "till.close_day", "reports.read", "practice.write"])
    expect(mayInPractice(can)).toBe(true);
  for (const cannot of [
    "staff.write",
    "settings.write",
    "imports.read",
    "rewind.read",
    "menu.write",
    "clock.own",
  ])
    expect(mayInPractice(cannot)).toBe(false);
});
