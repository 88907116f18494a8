// The wall clock of the restaurant in a field ("2026-11-21T18:30") and back to an instant, whatever zone the
// device is in. Where the clocks change, a time that comes twice is its first, one that never comes the next.

function wallParts(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(ms);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}

export function wallOf(ms: number, timeZone: string): string {
  return new Date(wallParts(ms, timeZone)).toISOString().slice(0, 16);
}

/** Null: not a time. */
export function instantOf(wall: string, timeZone: string): number | null {
  // Date.parse guesses at words; only what a field gives is a time.
  const wanted = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(wall) ? Date.parse(`${wall}:00Z`) : NaN;
  if (Number.isNaN(wanted)) return null;
  // The offset is that of some instant nearby; of the two that may hold, the earlier one that fits wins.
  const offsets = [-86_400_000, 0, 86_400_000].map(
    (away) => wallParts(wanted + away, timeZone) - (wanted + away),
  );
  const fits = [...new Set(offsets)]
    .map((offset) => wanted - offset)
    .sort((a, b) => a - b)
    .filter((ms) => wallParts(ms, timeZone) === wanted);
  return fits[0] ?? wanted - Math.min(...offsets);
}

/** The restaurant's wall clock to the second, for a field: zones are off by whole minutes. */
export function wallSecond(ms: number, zone: string): string {
  return `${wallOf(ms, zone)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
}

/** Null: not a time. A field leaves seconds out when they are none. */
export function instantOfSecond(wall: string, zone: string): number | null {
  const minute = instantOf(wall.slice(0, 16), zone);
  const seconds = wall.length === 16 ? 0 : /^:\d\d$/.test(wall.slice(16)) ? Number(wall.slice(17)) : NaN;
  return minute === null || Number.isNaN(seconds) ? null : minute + seconds * 1000;
}
