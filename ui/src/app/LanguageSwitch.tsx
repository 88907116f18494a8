import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Language, languageNames, languages, setLanguage } from "./i18n";

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("language")}
      value={i18n.language}
      onChange={(language) => void setLanguage(language as Language)}
      data={languages.map((language) => ({ value: language, label: languageNames[language] }))}
    />
  );
}
