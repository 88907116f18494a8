// The words on screen. One JSON a feature and language under locales/; a language is one chunk, fetched when used.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const languages = ["en", "es"] as const;
export type Language = (typeof languages)[number];

/** Each language in its own name, for the switch. */
export const languageNames: Record<Language, string> = { en: "English", es: "Español" };

const KEY = "comanda.language";
const fallback: Language = "en";

const bundles: Record<Language, () => Promise<{ words: Record<string, object> }>> = {
  en: () => import("./words-en"),
  es: () => import("./words-es"),
};

function isLanguage(code: string | null): code is Language {
  return languages.some((known) => known === code);
}

function storedLanguage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The person's own choice, else the browser's wish, else English. */
export function preferredLanguage(): Language {
  const stored = storedLanguage();
  if (isLanguage(stored)) return stored;
  const wished = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => isLanguage(tag));
  return wished !== undefined && isLanguage(wished) ? wished : fallback;
}

async function load(language: Language): Promise<void> {
  const { words } = await bundles[language]();
  for (const [feature, texts] of Object.entries(words)) i18next.addResourceBundle(language, feature, texts);
}

export async function setLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Not stored: the choice lasts as long as the page.
  }
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function startI18n(): Promise<void> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: fallback,
    defaultNS: "common",
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language);
  // What is not yet translated still reads, in English.
  if (language !== fallback) await load(fallback);
  document.documentElement.lang = language;
}
