// Paper as it is bought, and how many characters a printer puts on a row of it.

export const WIDTHS = [
  { millimetres: 80, columns: 42 },
  { millimetres: 58, columns: 32 },
] as const;
export const COLUMNS_MIN = 24;
export const COLUMNS_MAX = 64;

/** In millimetres; null: neither of the usual ones. */
export function widthOf(columns: number): number | null {
  return WIDTHS.find((one) => one.columns === columns)?.millimetres ?? null;
}
