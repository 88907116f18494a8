/** Whether a number was typed and lies in the range; text is one on its way to a number, or none. */
export function isWithin(value: number | string, min: number, max: number): boolean {
  return value !== "" && Number(value) >= min && Number(value) <= max;
}
