// Which station this device shows: it hangs on that wall and comes up with it. The address may say another.
const KEY = "comanda.kitchen.station";
export const ALL = "all";

export function rememberedStation(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberStation(station: string): void {
  try {
    localStorage.setItem(KEY, station);
  } catch {
    // A browser that keeps nothing shows what its address says.
  }
}

/** The station to show, of those there are; undefined: all of them. */
export function stationToShow(
  wanted: string | undefined,
  remembered: string | undefined,
): string | undefined {
  const station = wanted ?? remembered;
  return station === undefined || station === ALL || !/^[0-9a-f-]{36}$/.test(station) ? undefined : station;
}
