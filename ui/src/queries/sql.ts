// A statement for the eye.

export const inOneLine = (sql: string): string => sql.replace(/\s+/g, " ").trim();

/** In its lines, without the margin that it has in the program. */
export function asWritten(sql: string): string {
  const [first = "", ...rest] = sql.trim().split("\n");
  const margins = rest.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const margin = Math.min(...margins);
  return [first, ...rest.map((line) => line.slice(margin))].join("\n");
}
