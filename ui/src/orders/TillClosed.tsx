// Said where cash is taken while no drawer is open: no count will expect that money.
import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { tillQuery } from "../till/queries";

export function TillClosed() {
  const { t } = useTranslation("till");
  const may = useMay();
  const till = useQuery({ ...tillQuery(useRestaurantId()), enabled: may("till.read") });
  if (till.data === undefined || till.data.session !== null) return null;
  return <Alert color="warn">{t("closedNote")}</Alert>;
}
