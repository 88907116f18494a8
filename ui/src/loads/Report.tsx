// What a run said: the figures, the verdicts, what stands out, step by step, and the files to take along.
import { Button, Menu } from "@mantine/core";
import { IconAlertTriangle, IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { useRestaurantId } from "../app/queries";
import { download } from "../kit/download";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import { PageBody, PageHead, Panel, Stat, Stats } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { EmptyState } from "../kit/States";
import { Charts } from "./Charts";
import styles from "./loads.module.css";
import type { Go } from "./LoadsPage";
import { ms } from "./model";
import { Outcome } from "./PastRuns";
import { type LoadRun, plansQuery, removeRun, runsQuery } from "./queries";
import { HeardTable } from "./HeardTable";
import { StepTable } from "./StepTable";
import type { Summary } from "./types";
import { Verdicts } from "./Verdicts";

const FORMS = [
  ["html", "html"],
  ["json", "json"],
  ["csv", "csv"],
  ["junit", "xml"],
] as const;

export function Report({ run, summary, onGo }: { run: LoadRun; summary: Summary | null; onGo: Go }) {
  const { t } = useTranslation("loads");
  const { count, dateTime, percent } = useFormat();
  const figures = summary?.totals;
  return (
    <>
      <PageHead
        title={run.plan}
        sub={t("report.sub", { target: run.target, at: dateTime(run.began_ms), name: run.by_name })}
      >
        <Outcome run={run} />
        <Actions run={run} hasSummary={summary !== null} onGo={onGo} />
      </PageHead>
      <PageBody>
        {run.failure != null && (
          <EmptyState icon={IconAlertTriangle} title={t("report.failedTitle")} text={run.failure} />
        )}
        {summary !== null && figures !== undefined && (
          <>
            {figures.requests === 0 && <Panel>{t("report.nothing")}</Panel>}
            <Stats>
              <Stat
                label={t("live.perSecond")}
                value={count(Math.round(figures.per_s))}
                note={`${count(figures.requests)} ${t("report.requests").toLowerCase()}`}
              />
              <Stat
                label="p50"
                value={`${count(ms(figures.p50_ms))} ms`}
                note={`p90 ${count(ms(figures.p90_ms))} ms`}
              />
              <Stat label={t("live.p95")} value={`${count(ms(figures.p95_ms))} ms`} />
              <Stat
                label="p99"
                value={`${count(ms(figures.p99_ms))} ms`}
                note={`p99.9 ${count(ms(figures["p99.9_ms"]))} ms`}
              />
              <Stat
                label={t("report.errors")}
                value={percent(figures.errors_percent / 100)}
                note={count(figures.errors)}
              />
            </Stats>
            {summary.notes.length > 0 && (
              <Panel title={t("report.notes")}>
                <ul className={styles.notes}>
                  {summary.notes.map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </Panel>
            )}
            <Verdicts verdicts={summary.thresholds} />
            <Charts windows={summary.windows} isClosed={summary.is_closed} />
            <StepTable summary={summary} />
            <HeardTable summary={summary} />
            {summary.errors.length > 0 && (
              <Panel title={t("report.errorsTitle")}>
                <ul className={`${styles.failures} num`}>
                  {summary.errors.slice(0, 20).map((line) => (
                    <li key={`${line.step} ${line.text}`}>
                      <Pill tone="bad">{`${count(line.times)} × ${line.kind}`}</Pill>
                      <span>
                        <b>{line.step}</b> {line.text}
                      </span>
                    </li>
                  ))}
                </ul>
              </Panel>
            )}
            <p className={`${styles.quiet} num`}>
              {t("report.generator", {
                threads: summary.generator.threads,
                cpu: percent(Math.round(summary.generator.cpu * 100) / 100),
                lag: count(ms(summary.generator.lag_p99_ms)),
                service: count(ms(summary.generator.service_p99_ms)),
              })}
            </p>
          </>
        )}
      </PageBody>
    </>
  );
}

function Actions({ run, hasSummary, onGo }: { run: LoadRun; hasSummary: boolean; onGo: Go }) {
  const { t } = useTranslation("loads");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const complain = useComplain();
  const client = useQueryClient();
  const plans = useQuery(plansQuery(rid)).data ?? [];
  const others = (useQuery(runsQuery(rid)).data?.past ?? []).filter(
    (other) => other.id !== run.id && other.requests > 0,
  );
  const plan = plans.find((one) => one.name === run.plan);
  const remove = useMutation({
    mutationFn: () => removeRun(rid, run.id),
    onSuccess: () => {
      say(t("report.removed"));
      onGo({});
      void client.invalidateQueries({ queryKey: ["loads", rid, "runs"] });
    },
    onError: (error) => complain(asApiError(error)),
  });
  const fetch = (form: string, ending: string) => {
    const path = `/api/v1/restaurants/${rid}/load-runs/${run.id}/report/${form}`;
    download(path, `load-test-${run.id}.${ending}`).catch((error: unknown) => complain(asApiError(error)));
  };
  return (
    <>
      {hasSummary && (
        <>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={16} />}>
                {t("report.files")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {FORMS.map(([form, ending]) => (
                <Menu.Item key={form} onClick={() => fetch(form, ending)}>
                  {form === "junit" ? "JUnit" : form.toUpperCase()}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {others.length > 0 && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default">{t("report.compare")}</Button>
              </Menu.Target>
              <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
                {others.slice(0, 20).map((other) => (
                  <Menu.Item
                    key={other.id}
                    onClick={() =>
                      onGo(
                        other.began_ms < run.began_ms
                          ? { before: other.id, after: run.id }
                          : { before: run.id, after: other.id },
                      )
                    }
                  >
                    {`${other.plan} · ${dateTime(other.began_ms)}`}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      )}
      {plan !== undefined && (
        <Button variant="default" onClick={() => onGo({ plan: plan.id })}>
          {t("report.again")}
        </Button>
      )}
      <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
        {t("report.remove")}
      </Button>
    </>
  );
}
