// What commands are called on screen; one without a word shows its own name, readable.
import { useTranslation } from "react-i18next";

export const spaced = (word: string) => word.replace(/_(ms|minor|milli|bp|id)$/, "").replace(/_/g, " ");

export function useActionName(): (action: string) => string {
  const { t } = useTranslation("audit");
  return (action) => t(`action.${action}` as "title", { defaultValue: spaced(action) });
}
