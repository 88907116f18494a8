// Alerts: what is wrong now and who sees to it, the rules that say so, and what was.
import { Button } from "@mantine/core";
import { IconBellCheck, IconCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { Table } from "../kit/Table";
import { useNow } from "../kit/useNow";
import styles from "./alerts.module.css";
import { inUnit } from "./inUnit";
import { type Alert, alertsQuery } from "./queries";
import { Rules } from "./Rules";
import { Targets } from "../notices/Targets";

export function AlertsPage() {
  const { t } = useTranslation("alerts");
  const query = useQuery(alertsQuery(useRestaurantId()));
  const on = query.data?.active.length;
  return (
    <>
      <PageHead title={t("title")} sub={on !== undefined && t("sub", { count: on })} />
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={6} />}>
          {({ active, history, now_ms }) => (
            <>
              {/* Said when it begins, not with every look. */}
              <span className="visually-hidden" role="status">
                {t("sub", { count: active.length })}
              </span>
              {active.length === 0 ? (
                <EmptyState icon={IconBellCheck} title={t("calm.title")} text={t("calm.text")} />
              ) : (
                <ul className={styles.active} aria-label={t("active")}>
                  {active.map((alert) => (
                    <On key={alert.id} alert={alert} asOf_ms={query.dataUpdatedAt - now_ms} />
                  ))}
                </ul>
              )}
              <Rules />
              <Targets />
              <History alerts={history} />
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}

/** One that is on: what, how bad, since when, what to do, and who sees to it. */
function On({ alert, asOf_ms }: { alert: Alert; asOf_ms: number }) {
  const { t } = useTranslation("alerts");
  const format = useFormat();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const now = useNow(5_000) - asOf_ms;
  const acknowledge = useCommand({
    name: "alerts.acknowledge",
    run: ({ alert_id }: { alert_id: string }, key) =>
      ask<Alert>(
        api.POST("/api/v1/restaurants/{rid}/alerts/{alert_id}/acknowledge", {
          params: { path: { rid, alert_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => void client.invalidateQueries({ queryKey: ["alerts", rid] }),
    onFailed: useComplain(),
  });
  const what = useWhat()(alert);
  const figures = {
    value: inUnit(format, alert.unit, alert.value),
    limit: inUnit(format, alert.unit, alert.threshold),
  };
  return (
    <li className={styles.on} data-severity={alert.severity}>
      <div>
        <div className={styles.name}>
          <Pill tone={alert.severity === "critical" ? "bad" : "warn"}>{t(`severity.${alert.severity}`)}</Pill>
          <h2>{what}</h2>
        </div>
        <p className="num">
          {t(`fired.${alert.bad}`, figures)}{" "}
          {t("since", { span: format.span(Math.max(0, now - alert.fired_ms)) })}
        </p>
        <p>
          {t(`rule.${alert.rule}.todo`)}{" "}
          {alert.subject != null && alert.rule === "backups_failing" && (
            <Link to="/backups">{t("open")}</Link>
          )}
          {alert.subject != null && alert.rule !== "backups_failing" && (
            <Link to="/deployments" search={{ deployment: alert.subject.id }}>
              {t("open")}
            </Link>
          )}
        </p>
      </div>
      {alert.acknowledged_ms == null ? (
        <Button
          variant="default"
          leftSection={<IconCheck size={15} />}
          loading={acknowledge.isPending}
          aria-label={t("acknowledgeOf", { what })}
          onClick={() => acknowledge.mutate({ alert_id: alert.id })}
        >
          {t("acknowledge")}
        </Button>
      ) : (
        <small className={styles.seen}>
          {t("seen", { who: alert.acknowledged_by, at: format.time(alert.acknowledged_ms) })}
        </small>
      )}
    </li>
  );
}

/** What is wrong, and with which deployment if it is one. */
function useWhat(): (alert: Alert) => string {
  const { t } = useTranslation("alerts");
  return ({ rule, subject }) => {
    const what = t(`rule.${rule}.what`);
    return subject == null || subject.name === "" ? what : `${what}: ${subject.name}`;
  };
}

function History({ alerts }: { alerts: Alert[] }) {
  const { t } = useTranslation("alerts");
  const format = useFormat();
  const what = useWhat();
  return (
    <Panel title={t("history.title")} note={t("history.note", { count: alerts.length })}>
      {alerts.length === 0 ? (
        <p className={styles.none}>{t("history.none")}</p>
      ) : (
        <Table
          label={t("history.title")}
          rows={alerts}
          keyOf={(alert) => alert.id}
          stacks
          columns={[
            { head: t("history.what"), wraps: true, cell: what },
            { head: t("history.from"), cell: (alert) => format.dateTime(alert.fired_ms) },
            {
              head: t("history.lasted"),
              cell: (alert) => format.span(Math.max(0, (alert.ended_ms ?? alert.fired_ms) - alert.fired_ms)),
            },
            { head: t("history.value"), cell: (alert) => inUnit(format, alert.unit, alert.value) },
            { head: t("history.seenBy"), cell: (alert) => alert.acknowledged_by ?? t("history.nobody") },
          ]}
        />
      )}
    </Panel>
  );
}
