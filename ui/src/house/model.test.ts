import { expect, it } from "vitest";
import { inLines, kindOf } from "./model";

it("shows a fingerprint in four lines of eight pairs", () => {
  const pairs = Array.from({ length: 32 }, (_, at) => at.toString(16).toUpperCase().padStart(2, "0"));
  const lines = inLines(pairs.join(":"));
  expect(lines).toHaveLength(4);
  expect(lines[3]).toBe("18 19 1A 1B 1C 1D 1E 1F");
});

it.each([
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", 5, "phone"],
  ["Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile", 5, "phone"],
  ["Mozilla/5.0 (Linux; Android 15; SM-X200)", 5, "tablet"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5, "tablet"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0, "computer"],
  ["Mozilla/5.0 (X11; Linux x86_64)", 0, "computer"],
] as const)("%s with %d touches is a %s", (agent, touches, kind) => {
  expect(kindOf(agent, touches)).toBe(kind);
});
