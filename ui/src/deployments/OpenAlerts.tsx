// Alerts that are on: those this computer has of a deployment, and those a Comanda there has of itself.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { alertsQuery } from "../alerts/queries";
import type { components } from "../api/schema";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import styles from "./deployments.module.css";
import type { Deployment } from "./queries";

type Alert = components["schemas"]["Alert"];

export function OwnAlerts({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const may = useMay();
  const query = useQuery({ ...alertsQuery(useRestaurantId()), enabled: may("health.read") });
  const own = (query.data?.active ?? []).filter((alert) => alert.subject?.id === of.id);
  if (own.length === 0) return null;
  return (
    <Panel title={t("alerts.own")} note={<Link to="/alerts">{t("alerts.all")}</Link>}>
      <List alerts={own} />
    </Panel>
  );
}

export function TheirAlerts({ alerts }: { alerts: Alert[] }) {
  const { t } = useTranslation("deployments");
  return (
    <Panel title={t("alerts.theirs")}>
      {alerts.length === 0 ? <p className={styles.quiet}>{t("alerts.none")}</p> : <List alerts={alerts} />}
    </Panel>
  );
}

function List({ alerts }: { alerts: Alert[] }) {
  const { t: words, i18n } = useTranslation("alerts");
  const { t } = useTranslation("deployments");
  const { dateTime } = useFormat();
  // A newer one there may have rules this one has no word for.
  const what = (rule: string) =>
    i18n.exists(`alerts:rule.${rule}.what`)
      ? words(`rule.${rule}.what` as "rule.disk_full.what")
      : rule.replace(/_/g, " ");
  return (
    <ul className={styles.alerts}>
      {alerts.map((alert) => (
        <li key={alert.id}>
          <Pill tone={alert.severity === "critical" ? "bad" : "warn"}>
            {words(`severity.${alert.severity}`)}
          </Pill>
          <b>
            {what(alert.rule)}
            {alert.subject != null && alert.subject.name !== "" && `: ${alert.subject.name}`}
          </b>
          <span className="num">{t("alerts.since", { at: dateTime(alert.fired_ms) })}</span>
        </li>
      ))}
    </ul>
  );
}
