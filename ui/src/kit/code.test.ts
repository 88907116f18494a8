import { describe, expect, it } from "vitest";
import { isWholeCode } from "./code";

describe("a code of the second factor", () => {
  it.each(["287082", "287 082", " 287082 ", "4f7kq-x2m9a", "4F7KQ X2M9A", "0123456789"])("is %s", (typed) => {
    expect(isWholeCode(typed)).toBe(true);
  });

  it.each(["", "28708", "2870823", "4f7kq-x2m9", "4f7kqé-x2m9", "-- --"])("is not %j", (typed) => {
    expect(isWholeCode(typed)).toBe(false);
  });
});
