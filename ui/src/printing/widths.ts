// Paper as it is bought, and how many characters a printer puts on a row of it.

export const WIDTHS = [
  { millimetres: 80, columns: 42 },
  { millimetres: 58, columns: 32 },
] as const;
export const COLUMNS_MIN = 24;
export const COLUMNS_MAX = 64;

/** How wide a character is printed: more of them on a row are the printer's small letters, as in the engine. */
export function dotsOfCharacter(columns: number): number {
  return columns > 48 ? 9 : 12;
}

/** In millimetres; null: neither of the usual ones. */
export function widthOf(columns: number): number | null {
  return WIDTHS.find((one) => one.columns === columns)?.millimetres ?? null;
}
