import { expect, test } from "vitest";
import { instantOf, wallOf } from "./wall";

const at = (iso: string) => Date.parse(iso);

test("an instant is shown and read on the restaurant's wall", () => {
  expect(wallOf(at("2026-06-12T19:00:00+02:00"), "Europe/Rome")).toBe("2026-06-12T19:00");
  expect(instantOf("2026-06-12T19:00", "Europe/Rome")).toBe(at("2026-06-12T19:00:00+02:00"));
  expect(instantOf("2026-12-31T23:30", "America/Santiago")).toBe(at("2026-12-31T23:30:00-03:00"));
  expect(instantOf("soon", "Europe/Rome")).toBeNull();
});

test("an hour that comes twice is its first, one that never comes the next", () => {
  expect(instantOf("2026-10-25T02:30", "Europe/Rome")).toBe(at("2026-10-25T02:30:00+02:00"));
  expect(instantOf("2026-10-25T03:30", "Europe/Rome")).toBe(at("2026-10-25T03:30:00+01:00"));
  expect(instantOf("2026-03-29T02:30", "Europe/Rome")).toBe(at("2026-03-29T03:30:00+02:00"));
});
