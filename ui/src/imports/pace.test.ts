import { expect, test } from "vitest";
import { pace } from "./pace";

test("nothing is said before anything is done", () => {
  expect(pace(1000, 0, 500)).toBeNull();
  expect(pace(1000, 10, 0)).toBeNull();
});

test("a quarter in two seconds leaves six", () => {
  expect(pace(1000, 250, 2000)).toEqual({ share: 0.25, perSecond: 125, leftMs: 6000 });
});

test("the end leaves nothing", () => {
  expect(pace(1000, 1000, 4000)).toEqual({ share: 1, perSecond: 250, leftMs: 0 });
});
