import { afterEach, expect, test } from "vitest";
import { comeBack, mayInThePast, momentFor, rewindTo } from "./rewound";

afterEach(comeBack);

const moment = { view: "v1", restaurantId: "r1", at_ms: 1 };

test("everything of the restaurant is asked of the moment, writes too", () => {
  expect(momentFor("http://localhost/api/v1/restaurants/r1/orders?state=open")).toBeNull();
  rewindTo(moment);
  for (const path of ["", "/orders?state=open", "/orders/1/payments", "/today", "/menu/items"]) {
    expect(momentFor(`http://localhost/api/v1/restaurants/r1${path}`)).toBe("v1");
  }
});

test("the session, other restaurants and the choice of moments stay in the present", () => {
  rewindTo(moment);
  for (const path of ["/me", "/sessions/current/lock", "/restaurants/r2/orders", "/restaurants/r1/rewind"]) {
    expect(momentFor(`/api/v1${path}`)).toBeNull();
  }
  expect(momentFor("/api/v1/restaurants/r1/rewind/v1/compare")).toBeNull();
  comeBack();
  expect(momentFor("/api/v1/restaurants/r1/orders")).toBeNull();
});

test("in the past one may look and do nothing", () => {
  expect(["orders.read", "audit.read", "rewind.read"].every(mayInThePast)).toBe(true);
  expect(
    ["orders.write", "orders.pay", "menu.available", "clock.own", "imports.read"].some(mayInThePast),
  ).toBe(false);
});
