// A job by the name people know it by, and its schedule as a sentence.
import cronstrue from "cronstrue";
import "cronstrue/locales/es";
import { useTranslation } from "react-i18next";

export function useJobName(): (name: string) => string {
  const { t } = useTranslation("jobs");
  return (name) => t(`name.${name as "clean_up"}`, { defaultValue: name });
}

/** "At 02:00, every day"; null for what is no schedule (yet). */
export function sentenceOf(pattern: string, language: string): string | null {
  try {
    return cronstrue.toString(pattern, { locale: language, use24HourTimeFormat: true, verbose: true });
  } catch {
    return null;
  }
}
