import { describe, expect, it } from "vitest";
import { centred, copyRows, linesOf, sampleRows, wrapped } from "./sample";

describe("rows of paper", () => {
  it("are broken at words, and within a word that is too long", () => {
    expect(wrapped("Via Roma 1, Torino", 11)).toEqual(["Via Roma 1,", "Torino"]);
    expect(wrapped("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
    expect(wrapped("", 3)).toEqual([""]);
  });

  it("stand in the middle", () => {
    expect(centred("abc", 9)).toEqual(["   abc"]);
  });

  it("say which copy they are, as large letters", () => {
    expect(copyRows(0, "en", 32)).toEqual([]);
    expect(copyRows(1, "en", 32)).toEqual([{ text: "     COPY 1", style: "large" }]);
    expect(copyRows(2, "es", 32)[0]?.text.trim()).toBe("COPIA 2");
  });
});

describe("a sample receipt", () => {
  it("has no row that is wider than the paper", () => {
    const rows = sampleRows({
      name: "Trattoria alla Luna Piena",
      head: ["Via Roma 1, 10121 Torino, telephone 011 123 4567, open every day"],
      foot: ["Grazie!"],
      logo: null,
      columns: 32,
      middle: [{ left: "1 Margherita", right: "9.50" }],
      total: { left: "TOTAL", right: "EUR 9.50" },
    });
    for (const { text, style } of rows) expect(text.length).toBeLessThanOrEqual(style === "large" ? 16 : 32);
    expect(rows.at(-1)?.text.trim()).toBe("Grazie!");
  });
});

describe("what was typed", () => {
  it("is a line each, without those that are empty at the end", () => {
    expect(linesOf("Via Roma 1 \n\nP. IVA 1\n\n")).toEqual(["Via Roma 1", "", "P. IVA 1"]);
    expect(linesOf(" \n ")).toEqual([]);
  });
});
