import { describe, expect, it } from "vitest";
import { asWritten, inOneLine } from "./sql";

const SQL = "SELECT id,\n              name\n         FROM staff";

describe("a statement", () => {
  it("is one line in a list", () => {
    expect(inOneLine(SQL)).toBe("SELECT id, name FROM staff");
  });

  it("keeps its lines when it is opened, not the margin of the program", () => {
    expect(asWritten(SQL)).toBe("SELECT id,\n     name\nFROM staff");
    expect(asWritten("COMMIT")).toBe("COMMIT");
  });
});
