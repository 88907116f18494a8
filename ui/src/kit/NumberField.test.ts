import { expect, it } from "vitest";
import { pasted } from "./NumberField";

it("reads one number that was copied, with either decimal mark, and nothing else", () => {
  expect(["9,5", " 9.5 % ", "12", "-3"].map(pasted)).toEqual([9.5, 9.5, 12, -3]);
  expect(["1.204,50", "nine", "", "9 5"].map(pasted)).toEqual([null, null, null, null]);
});
