// What commands and columns are called on screen; one without a word shows its own, readable.
import { useTranslation } from "react-i18next";

const spaced = (word: string) => word.replace(/_(ms|minor|milli|bp|id)$/, "").replace(/_/g, " ");

export function useActionName(): (action: string) => string {
  const { t } = useTranslation("audit");
  return (action) => t(`action.${action}` as "title", { defaultValue: spaced(action) });
}

export function useColumnName(): (column: string) => string {
  const { t } = useTranslation("orders");
  return (column) => t(`history.column.${column}` as "history.column.name", { defaultValue: spaced(column) });
}
