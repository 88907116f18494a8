// Days of the week by number, 1 Monday to 7 Sunday, as the engine has them.

export const DAYS = [1, 2, 3, 4, 5, 6, 7];

/** Some date of that day, for what writes names of days: the first of January 2024 was a Monday. */
export function dateOf(day: number): string {
  return `2024-01-0${day}`;
}
