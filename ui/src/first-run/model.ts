// The values of the first run, what each step must have before the next, and the guesses that save typing. Pure.
import type { Locale, SetupRequest, SetupState } from "../api/types";
import { isWithin } from "../kit/within";
import { missingRules } from "../kit/password";

export type Start = "empty" | "demo" | "import";

export interface Values {
  name: string;
  locale: Locale;
  time_zone: string;
  currency: string;
  tax_mode: "inclusive" | "exclusive";
  tax_percent: number | string;
  day_cutoff_minute: string;
  owner_name: string;
  email: string;
  password: string;
  start: Start;
  demo_orders: number | string;
}

export const steps = ["restaurant", "money", "owner", "start"] as const;
export type Step = (typeof steps)[number];

/** More would take minutes to make; the command line makes larger ones. */
export const DEMO_MAX = 200_000;

const fieldsOf: Record<Step, (keyof Values)[]> = {
  restaurant: ["name", "locale", "time_zone"],
  money: ["currency", "tax_mode", "tax_percent", "day_cutoff_minute"],
  owner: ["owner_name", "email", "password"],
  start: ["start", "demo_orders"],
};

/** What is wrong with one field: a key of `first-run` under `wrong`, or null. */
export function wrongWith(
  field: keyof Values,
  values: Values,
): "name" | "zone" | "tax" | "owner" | "email" | "password" | "demo" | null {
  switch (field) {
    case "name":
      return values.name.trim() === "" ? "name" : null;
    case "time_zone":
      return values.time_zone === "" ? "zone" : null;
    case "tax_percent":
      return isWithin(values.tax_percent, 0, 100) ? null : "tax";
    case "owner_name":
      return values.owner_name.trim() === "" ? "owner" : null;
    case "email":
      return /^\S+@\S+\.\S+$|^\S+@localhost$/.test(values.email.trim()) ? null : "email";
    case "password":
      return missingRules(values.password).length > 0 ? "password" : null;
    case "demo_orders":
      return values.start === "demo" &&
        !(Number(values.demo_orders) >= 1 && Number(values.demo_orders) <= DEMO_MAX)
        ? "demo"
        : null;
    default:
      return null;
  }
}

export function wrongInStep(
  step: Step,
  values: Values,
): [keyof Values, NonNullable<ReturnType<typeof wrongWith>>][] {
  return fieldsOf[step].flatMap((field) => {
    const wrong = wrongWith(field, values);
    return wrong === null ? [] : [[field, wrong] as [keyof Values, NonNullable<typeof wrong>]];
  });
}

/** Where the engine's complaint about a field belongs: "owner.email" -> the owner's step, field email. */
export function placeOf(field: string | null): { step: Step; field: keyof Values } | null {
  const names: Record<string, keyof Values> = {
    "restaurant.name": "name",
    "restaurant.locale": "locale",
    "restaurant.time_zone": "time_zone",
    "restaurant.currency": "currency",
    "restaurant.tax_mode": "tax_mode",
    "restaurant.tax_rate_bp": "tax_percent",
    "restaurant.day_cutoff_minute": "day_cutoff_minute",
    "owner.name": "owner_name",
    "owner.email": "email",
    "owner.password": "password",
    demo_orders: "demo_orders",
  };
  const ours = field === null ? undefined : names[field];
  const step = steps.find((one) => ours !== undefined && fieldsOf[one].includes(ours));
  return ours === undefined || step === undefined ? null : { step, field: ours };
}

/** What prices usually do and how they are taxed, by currency; a start to correct, not advice. */
const customs: Record<string, { tax_mode: Values["tax_mode"]; tax_percent: number }> = {
  EUR: { tax_mode: "inclusive", tax_percent: 10 },
  GBP: { tax_mode: "inclusive", tax_percent: 20 },
  USD: { tax_mode: "exclusive", tax_percent: 8.25 },
  CAD: { tax_mode: "exclusive", tax_percent: 13 },
  MXN: { tax_mode: "inclusive", tax_percent: 16 },
  JPY: { tax_mode: "inclusive", tax_percent: 10 },
};

export function customsOf(currency: string): { tax_mode: Values["tax_mode"]; tax_percent: number } {
  return customs[currency] ?? { tax_mode: "inclusive", tax_percent: 10 };
}

const currencyByZone: [RegExp, string][] = [
  [/^Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man)/, "GBP"],
  [/^Europe\/(Zurich|Busingen|Vaduz)/, "CHF"],
  [/^Europe\/(Stockholm)/, "SEK"],
  [/^Europe\/(Oslo)/, "NOK"],
  [/^Europe\/(Copenhagen)/, "DKK"],
  [/^Europe\/(Warsaw)/, "PLN"],
  [/^(Europe|Atlantic\/Canary|Atlantic\/Madeira|Africa\/Ceuta)/, "EUR"],
  [/^America\/(Mexico_City|Monterrey|Tijuana|Merida|Cancun|Hermosillo|Chihuahua|Mazatlan)/, "MXN"],
  [/^America\/(Toronto|Vancouver|Montreal|Edmonton|Winnipeg|Halifax|Regina|St_Johns)/, "CAD"],
  [/^America\/(Bogota)/, "COP"],
  [/^America\/(Argentina|Buenos_Aires)/, "ARS"],
  [/^America\/(Santiago)/, "CLP"],
  [/^America\/(Sao_Paulo)/, "BRL"],
  [/^(America|US|Pacific\/Honolulu)/, "USD"],
  [/^Asia\/Tokyo/, "JPY"],
  [/^Asia\/Kuwait/, "KWD"],
  [/^Australia/, "AUD"],
];

export function guessCurrency(timeZone: string, known: SetupState["currencies"]): string {
  const guess = currencyByZone.find(([zone]) => zone.test(timeZone))?.[1] ?? "EUR";
  return known.some((currency) => currency.code === guess) ? guess : (known[0]?.code ?? "EUR");
}

export function restaurantOf(values: Values): SetupRequest["restaurant"] {
  return {
    name: values.name.trim(),
    currency: values.currency,
    time_zone: values.time_zone,
    day_cutoff_minute: Number(values.day_cutoff_minute),
    tax_mode: values.tax_mode,
    tax_rate_bp: Math.round(Number(values.tax_percent) * 100),
    locale: values.locale,
  };
}

export function requestOf(values: Values): SetupRequest {
  return {
    restaurant: restaurantOf(values),
    owner: { name: values.owner_name.trim(), email: values.email.trim(), password: values.password },
    start: values.start === "demo" ? "demo" : "empty",
    ...(values.start === "demo" ? { demo_orders: Number(values.demo_orders) } : {}),
  };
}
