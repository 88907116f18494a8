// A receipt that shows what stands above and below every other. Pure.
import type { Locale, PaperRow } from "../api/types";

/** The engine's own limits. */
export const LINES_MAX = 8;
export const LINE_MAX = 64;

const plain = (text: string): PaperRow => ({ text, style: "plain" });

/** Broken at words, and within a word that is longer than the paper is wide. */
export function wrapped(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    const joined = row === "" ? word : `${row} ${word}`;
    if (joined.length <= columns) {
      row = joined;
      continue;
    }
    if (row !== "") rows.push(row);
    let rest = word;
    for (; rest.length > columns; rest = rest.slice(columns)) rows.push(rest.slice(0, columns));
    row = rest;
  }
  return [...rows, row];
}

export function centred(text: string, columns: number): string[] {
  return wrapped(text, columns).map((row) => `${" ".repeat(Math.floor((columns - row.length) / 2))}${row}`);
}

function pair(left: string, right: string, columns: number): string {
  return `${left}${" ".repeat(Math.max(1, columns - left.length - right.length))}${right}`;
}

/** The rows of a title: twice as wide, so that half as many letters fit. */
export function titled(text: string, columns: number): PaperRow[] {
  return centred(text, Math.floor(columns / 2)).map((text) => ({ text, style: "large" }));
}

/** What the engine prints over what was printed before. */
export function copyRows(copies: number, locale: Locale, columns: number): PaperRow[] {
  return copies === 0 ? [] : titled(`${locale === "es" ? "COPIA" : "COPY"} ${copies}`, columns);
}

/** What was typed, a line each; empty ones at the end are none. */
export function linesOf(text: string): string[] {
  return text.trimEnd() === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((line) => line.trim());
}

export interface Sample {
  name: string;
  head: string[];
  foot: string[];
  /** The hash of a picture; null: none. */
  logo: string | null;
  columns: number;
  /** The words and figures of the middle, each with what stands at the right edge. */
  middle: { left: string; right: string }[];
  total: { left: string; right: string };
}

export function sampleRows({ name, head, foot, logo, columns, middle, total }: Sample): PaperRow[] {
  const centre = (lines: string[]) => lines.flatMap((line) => centred(line, columns)).map(plain);
  return [
    ...(logo === null ? [] : [{ text: logo, style: "logo" } as const]),
    ...titled(name, columns),
    ...centre(head),
    plain(""),
    plain("-".repeat(columns)),
    ...middle.map(({ left, right }) => plain(pair(left, right, columns))),
    plain("-".repeat(columns)),
    { text: pair(total.left, total.right, columns), style: "strong" },
    plain(""),
    ...centre(foot),
  ];
}
