import { describe, expect, it } from "vitest";
import { addressOf } from "./outside";

describe("a page asked for from outside", () => {
  it.each([
    ["/backups", "/backups"],
    ["/engine/health", "/engine/health"],
    ["/till/z/7", "/till/z/7"],
    ["/orders", "/orders"],
    ["/orders/0198c0de-0000-7000-8000-000000000001", "/orders?order=0198c0de-0000-7000-8000-000000000001"],
  ])("%s opens %s", (path, address) => {
    expect(addressOf(path)).toBe(address);
  });

  it.each([
    "/",
    "/nothing",
    "/orders/a/b",
    "/first-run",
    "/login",
    "//elsewhere.example/orders",
    "/orders?new=1",
    "/orders#code=abc",
    "javascript:alert(1)",
  ])("%s opens the start page", (path) => {
    expect(addressOf(path)).toBe("/");
  });
});
