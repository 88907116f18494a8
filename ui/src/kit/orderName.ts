// How people call an order: by its table, or by how it leaves the house.
import { useTranslation } from "react-i18next";
import type { OrderSummary } from "../api/types";

type Named = Pick<OrderSummary, "service" | "table">;

export function useOrderName(): (order: Named) => string {
  const { t } = useTranslation();
  return ({ service, table }) => {
    const place = table?.trim() ?? "";
    if (service === "dine_in") {
      if (place === "") return t("order.dine_in");
      // "12" is Table 12; "Bar 2" and "Terrace" already say what they are.
      return /^\d/.test(place) ? t("order.table", { table: place }) : place;
    }
    return place === ""
      ? t(`order.${service}`)
      : t("order.for", { service: t(`order.${service}`), name: place });
  };
}
