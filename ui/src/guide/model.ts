// What a chapter is made of, and how it is looked through. The texts are locales/*/guide.json; a new chapter is text
// alone. In a text `**…**` is a name as it stands on screen, `…` in backquotes is typed, [[/till]] is a page and
// [[#disk]] another chapter, both under their own names.
import { plain } from "../kit/plain";

interface Step {
  what: string;
  how: string;
}

export interface Section {
  title: string;
  text?: string;
  steps?: Step[];
  points?: string[];
}

export interface Chapter {
  part: string;
  title: string;
  lead: string;
  /** Whom it concerns. */
  who?: string;
  see?: string[];
  steps?: Step[];
  sections?: Section[];
  /** What goes on meanwhile. */
  safe?: string;
  note?: string;
  table?: { title: string; head: string[]; rows: string[][] };
}

/** Short enough to be split by it: a name, something typed, a link. */
const MARKS = /(\*\*[^*]+\*\*|`[^`]+`|\[\[[^\]]+\]\])/;

export type Piece =
  { kind: "text" | "name" | "typed"; text: string } | { kind: "page" | "chapter"; to: string };

export function piecesOf(text: string): Piece[] {
  return text
    .split(MARKS)
    .filter((piece) => piece !== "")
    .map((piece): Piece => {
      if (piece.startsWith("**")) return { kind: "name", text: piece.slice(2, -2) };
      if (piece.startsWith("`")) return { kind: "typed", text: piece.slice(1, -1) };
      if (piece.startsWith("[[#")) return { kind: "chapter", to: piece.slice(3, -2) };
      if (piece.startsWith("[[")) return { kind: "page", to: piece.slice(2, -2) };
      return { kind: "text", text: piece };
    });
}

/** Every text of a chapter, its title first. */
export function textsOf(chapter: Chapter): string[] {
  const of = (value: unknown): string[] =>
    typeof value === "string"
      ? [value]
      : typeof value === "object" && value !== null
        ? Object.values(value).flatMap(of)
        : [];
  return [chapter.title, ...of({ ...chapter, part: undefined, title: undefined })];
}

/** The chapters in which every word that was typed stands somewhere. */
export function filterChapters<T extends { chapter: Chapter }>(
  all: readonly T[],
  typed: string,
  nameOf: (path: string) => string,
): T[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return all.filter(({ chapter }) => {
    const text = plain(
      textsOf(chapter)
        .flatMap(piecesOf)
        .map((piece) => ("text" in piece ? piece.text : piece.kind === "page" ? nameOf(piece.to) : ""))
        .join(" "),
    );
    return words.every((word) => text.includes(word));
  });
}
