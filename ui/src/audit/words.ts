// What columns are called on screen; one without a word shows its own name, readable.
import { useTranslation } from "react-i18next";
import { spaced } from "../kit/actionName";

export function useColumnName(): (column: string) => string {
  const { t } = useTranslation("orders");
  return (column) => t(`history.column.${column}` as "history.column.name", { defaultValue: spaced(column) });
}
