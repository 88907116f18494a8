// In the top bar of every page: paper that did not come out. Leads to where something is done about it.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { Pill } from "../kit/Pill";
import styles from "./alarm.module.css";
import { inTrouble, openJobsQuery } from "./queries";

export function AlarmPill() {
  const { t } = useTranslation("printing");
  const may = useMay();
  const query = useQuery({ ...openJobsQuery(useRestaurantId()), enabled: may("kitchen.read") });
  const count = inTrouble(query.data).length;
  if (count === 0) return null;
  return (
    <Link to="/kitchen" className={styles.pill} aria-label={t("alarm.short", { count })}>
      <Pill tone="bad">
        {/* Beside the name and the clock of a phone there is room for the number alone. */}
        <span className={styles.long}>{t("alarm.short", { count })}</span>
        <span className={styles.short}>{count}</span>
      </Pill>
    </Link>
  );
}
