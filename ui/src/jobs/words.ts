// A job by the name people know it by.
import { useTranslation } from "react-i18next";

export function useJobName(): (name: string) => string {
  const { t } = useTranslation("jobs");
  return (name) => t(`name.${name as "clean_up"}`, { defaultValue: name });
}
