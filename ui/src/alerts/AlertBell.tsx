// In the top bar of every page: how much is wrong with this computer now. Leads to what it is.
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { Pill } from "../kit/Pill";
import styles from "./alerts.module.css";
import { alertsQuery } from "./queries";

export function AlertBell() {
  const { t } = useTranslation("alerts");
  const may = useMay();
  const query = useQuery({ ...alertsQuery(useRestaurantId()), enabled: may("health.read") });
  const active = query.data?.active ?? [];
  if (active.length === 0) return null;
  const isCritical = active.some((alert) => alert.severity === "critical");
  return (
    <Link to="/alerts" className={styles.bell} aria-label={t("bell", { count: active.length })}>
      <Pill tone={isCritical ? "bad" : "warn"} dot={false}>
        <IconBell size={13} aria-hidden /> {active.length}
      </Pill>
    </Link>
  );
}
