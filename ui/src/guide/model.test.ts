import { describe, expect, it } from "vitest";
import { pages } from "../app/routes";
import { guideFor } from "../kit/guide";
import en from "../locales/en/guide.json";
import es from "../locales/es/guide.json";
import { type Chapter, filterChapters, piecesOf, textsOf } from "./model";

const languages = { en: en.chapters, es: es.chapters } as Record<string, Record<string, Chapter>>;

/** What a text is made of, without its words. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]))
      : "text";

describe("the guide", () => {
  it("has the same chapters and steps in every language", () => {
    expect(shapeOf(languages["es"])).toEqual(shapeOf(languages["en"]));
    expect(Object.keys(en.chapters).length).toBeGreaterThan(15);
  });

  it("leads to pages and chapters that are there", () => {
    const paths = pages.map((page) => (page.options as { path: string }).path);
    for (const chapters of Object.values(languages)) {
      for (const piece of Object.values(chapters).flatMap(textsOf).flatMap(piecesOf)) {
        if (piece.kind === "page") expect(paths).toContain(piece.to);
        if (piece.kind === "chapter") expect(Object.keys(chapters)).toContain(piece.to);
      }
    }
    for (const chapter of Object.values(guideFor)) expect(Object.keys(en.chapters)).toContain(chapter);
  });

  it("names what is on screen as the screen does", async () => {
    for (const [language, chapters] of Object.entries(languages)) {
      const files = import.meta.glob<{ default: unknown }>("../locales/*/*.json");
      const words = await Promise.all(
        Object.entries(files)
          .filter(([path]) => path.includes(`/${language}/`) && !path.endsWith("/guide.json"))
          .map(async ([, load]) => JSON.stringify((await load()).default)),
      );
      const screen = words.join("\n").replace(/\{\{\w+\}\}/g, "…");
      const named = Object.values(chapters).flatMap(textsOf).flatMap(piecesOf);
      const unknown = named.flatMap((piece) =>
        piece.kind === "name" && !screen.includes(piece.text) ? [piece.text] : [],
      );
      expect(unknown, language).toEqual([]);
    }
  });

  it("is found by any of its words, without accents", () => {
    const all = Object.entries(languages["es"] ?? {}).map(([id, chapter]) => ({ id, chapter }));
    const found = filterChapters(all, "IMPRESORA", (path) => path).map((one) => one.id);
    expect(found).toContain("printer");
    expect(filterChapters(all, "zzzz", (path) => path)).toEqual([]);
  });
});
