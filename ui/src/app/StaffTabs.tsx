// The pages about people side by side; only those this person may open.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "./queries";
import styles from "./staff-tabs.module.css";

export function StaffTabs() {
  const { t } = useTranslation();
  const may = useMay();
  const exact = { activeOptions: { exact: true, includeSearch: false } };
  return (
    <nav className={styles.tabs} aria-label={t("staffTabs.label")}>
      {may("staff.read") && (
        <Link to="/staff" {...exact}>
          {t("staffTabs.people")}
        </Link>
      )}
      {may("clock.read") && (
        <Link to="/staff/times" {...exact}>
          {t("staffTabs.times")}
        </Link>
      )}
      {may("staff.read") && (
        <Link to="/staff/roles" {...exact}>
          {t("staffTabs.roles")}
        </Link>
      )}
    </nav>
  );
}
