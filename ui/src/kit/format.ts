// Money, time and counts as this restaurant writes them. The only place that calls Intl.
import { createContext, useContext, useMemo } from "react";
import { useTranslation } from "react-i18next";

export interface Place {
  locale: string;
  currency: string;
  exponent: number;
  time_zone: string;
}

export const PlaceContext = createContext<Place>({
  locale: "en",
  currency: "EUR",
  exponent: 2,
  // Where no restaurant says one: that of whoever looks.
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

export interface Format {
  /** 120460 -> "€1,204.60" */
  money: (minor: number) => string;
  /** Without the decimals, for axes and rounded sums. */
  moneyRough: (minor: number) => string;
  /** The bare number, for inputs: 120460 -> "1204.60" */
  moneyPlain: (minor: number) => string;
  quantity: (milli: number) => string;
  count: (n: number) => string;
  /** 1000 basis points -> "10 %" */
  rate: (bp: number) => string;
  percent: (ratio: number) => string;
  time: (ms: number) => string;
  dateTime: (ms: number) => string;
  /** The same to the second, where a second was chosen. */
  moment: (ms: number) => string;
  /** "20 Nov 2026" */
  date: (ms: number) => string;
  /** A business date "2026-11-20" -> "Fri 20 Nov" */
  day: (date: string) => string;
  dayLong: (date: string) => string;
  weekday: (date: string) => string;
  /** "Friday" */
  weekdayLong: (date: string) => string;
  hour: (hour: number) => string;
  /** A span: "42 s", "11 min", "1 h 12" */
  span: (ms: number) => string;
  /** 1 536 000 -> "1.5 MB" */
  bytes: (n: number) => string;
  /** Microseconds, as short as they are told apart: "0.3 ms", "12 ms", "1.2 s" */
  took: (us: number) => string;
  /** What stands before the decimals. */
  decimal: "." | ",";
  currency: string;
  exponent: number;
}

/** Amounts as the restaurant writes them; the names of days and months in the words of the screen. */
export function makeFormat(place: Place, language: string = place.locale): Format {
  const { currency, exponent, time_zone: timeZone } = place;
  // Plain "en" would write the month first for everybody; only where the dollar is at home it does.
  const regional = (tag: string) => (tag !== "en" ? tag : currency === "USD" ? "en-US" : "en-GB");
  const locale = regional(place.locale);
  const words = regional(language);
  const scale = 10 ** exponent;
  const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
  const money = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    ...digits,
  });
  const rough = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: 0,
    maximumFractionDigits: 0,
  });
  const quantity = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  const time = new Intl.DateTimeFormat(words, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const dateTime = new Intl.DateTimeFormat(words, {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const moment = new Intl.DateTimeFormat(words, {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const date = new Intl.DateTimeFormat(words, {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  // A business date is a name, not an instant: it never moves with a time zone.
  const day = new Intl.DateTimeFormat(words, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  });
  const dayLong = new Intl.DateTimeFormat(words, {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const weekday = new Intl.DateTimeFormat(words, { timeZone: "UTC", weekday: "short" });
  const weekdayLong = new Intl.DateTimeFormat(words, { timeZone: "UTC", weekday: "long" });
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const inUnit = (n: number, step: number, units: string[]) => {
    const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(n) / Math.log(step)));
    return `${new Intl.NumberFormat(locale, { maximumFractionDigits: power < 2 ? 0 : 1 }).format(n / step ** power)} ${units[power] ?? ""}`;
  };
  const named = (date: string) => new Date(`${date}T00:00:00Z`);
  const plain = (parts: Intl.DateTimeFormat, date: string) => parts.format(named(date)).replace(/,/g, "");
  return {
    money: (minor) => money.format(minor / scale),
    moneyRough: (minor) => rough.format(minor / scale),
    moneyPlain: (minor) => (minor / scale).toFixed(exponent),
    quantity: (milli) => quantity.format(milli / 1000),
    count: (n) => quantity.format(n),
    rate: (bp) => percent.format(bp / 10_000),
    percent: (ratio) => percent.format(Math.round(ratio * 100) / 100),
    time: (ms) => time.format(ms),
    dateTime: (ms) => dateTime.format(ms).replace(/,/g, ""),
    moment: (ms) => moment.format(ms).replace(/,/g, ""),
    date: (ms) => date.format(ms),
    day: (date) => plain(day, date),
    dayLong: (date) => dayLong.format(named(date)),
    weekday: (date) => weekday.format(named(date)),
    weekdayLong: (date) => weekdayLong.format(named(date)),
    hour: (hour) => `${String(hour % 24).padStart(2, "0")}`,
    span,
    bytes: (n) => inUnit(n, 1000, ["B", "kB", "MB", "GB", "TB"]),
    decimal: new Intl.NumberFormat(locale).format(0.5).includes(",") ? "," : ".",
    took: (us) => (us < 1_000_000 ? `${short.format(us / 1000)} ms` : `${short.format(us / 1_000_000)} s`),
    currency,
    exponent,
  };
}

export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")}` : `${Math.floor(hours / 24)} d`;
}

export function useFormat(): Format {
  const place = useContext(PlaceContext);
  const { i18n } = useTranslation();
  return useMemo(() => makeFormat(place, i18n.language), [place, i18n.language]);
}

/** Marks that group digits in threes, whoever writes; the dot and the comma only when they are not the decimal mark. */
const SPACES = /[\u00a0\u202f\u2009'\u2019]/g;

/**
 * Reads what a person typed as an amount, in minor units: "12,50", "12.5", "€ 12" -> 1250. Null if it is none, and
 * nothing is ever guessed: a mark groups digits in threes or begins no more decimals than the currency has. Where
 * both are possible ("1,204") the restaurant's own decimal mark decides.
 */
export function parseMoney(text: string, exponent: number, decimal: "." | "," = "."): number | null {
  const bare = text
    .replace(SPACES, " ")
    .trim()
    .replace(/^(-?)\p{Sc}/u, "$1")
    .replace(/\p{Sc}$/u, "")
    .trim();
  const group = decimal === "." ? "," : ".";
  // Its own marks first; those of the neighbours only when they can mean nothing else.
  const digits =
    readDigits(bare, exponent, decimal, group) ??
    (bare.includes(group) ? readDigits(bare, exponent, group, decimal) : null);
  const minor = Number(digits ?? undefined);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** "-1,204.6" -> "-120460". */
function readDigits(text: string, exponent: number, decimal: string, group: string): string | null {
  const [head = "", tail, ...rest] = text.split(decimal);
  if (rest.length > 0 || (tail !== undefined && (exponent === 0 || !/^\d*$/.test(tail)))) return null;
  if ((tail ?? "").length > exponent || (head.replace("-", "") === "" && (tail ?? "") === "")) return null;
  const grouped = [group, " "].some((mark) => new RegExp(`^-?[1-9]\\d{0,2}(\\${mark}\\d{3})+$`).test(head));
  if (!grouped && !/^-?\d*$/.test(head)) return null;
  const whole = head.replace(/[^\d-]/g, "");
  return `${whole === "" || whole === "-" ? `${whole}0` : whole}${(tail ?? "").padEnd(exponent, "0")}`;
}

/** Whether a money field holds an amount: not empty, and nothing that could not be read. */
export function isAmount(minor: number | null): minor is number {
  return minor !== null && !Number.isNaN(minor);
}
