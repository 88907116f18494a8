/** Hours and minutes: 27000000 -> "7:30". Weeks have more than 48 hours, so no days. */
export function hours(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** A day some days away: dates are names, not instants. */
export function daysAway(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
