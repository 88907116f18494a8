// Which column of the file holds what, as the page lets one say it. Pure.
import type { ImportMapping } from "../api/types";

export const fields = [
  "order_id",
  "date",
  "time",
  "item",
  "variant",
  "category",
  "price",
  "quantity",
  "tax",
] as const;
export type Field = (typeof fields)[number];

export const needed: ReadonlySet<Field> = new Set(["order_id", "date", "item", "price"]);

/** What the engine is told of a field that the file does not have, though a column looks like it. */
export const ABSENT = "";

/** Says that a field is in this column; the column leaves whatever it was said to be before. */
export function assign(said: ImportMapping, field: Field, column: string | null): ImportMapping {
  const next: ImportMapping = {};
  for (const other of fields) {
    const value = other === field ? column : said[other];
    if (value != null && (other === field || value === ABSENT || value !== column)) next[other] = value;
  }
  return next;
}

/** What was recognised, with what was said not to be there: recognising does not tell the two apart. */
export function withAbsent(recognised: ImportMapping, said: ImportMapping): ImportMapping {
  const absent = fields.filter((field) => said[field] === ABSENT).map((field) => [field, ABSENT]);
  return { ...recognised, ...Object.fromEntries(absent) };
}

/** Exactly what the preview showed: what it did not find is not to be looked for again. */
export function settled(recognised: ImportMapping): ImportMapping {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const column = recognised[field];
      return column != null && column !== ABSENT
        ? [[field, column]]
        : needed.has(field)
          ? []
          : [[field, ABSENT]];
    }),
  );
}

/** The first values of a column, to recognise it by. */
export function samplesOf(columns: string[], rows: string[][], column: string | null | undefined): string[] {
  const at = column == null ? -1 : columns.indexOf(column);
  if (at === -1) return [];
  return [...new Set(rows.map((row) => row[at] ?? "").filter((value) => value !== ""))].slice(0, 3);
}

/** Only what a person may drop here; the engine reads the rest of the truth from the contents. */
export function isSalesFile(name: string): boolean {
  return /\.(csv|csv\.gz|txt|tsv|gz)$/i.test(name);
}
