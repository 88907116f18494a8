// Two runs against each other, with a verdict that knows noise.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { Table } from "../kit/Table";
import styles from "./loads.module.css";
import type { Go } from "./LoadsPage";
import { ms } from "./model";
import { compareQuery, runsQuery } from "./queries";
import type { Change } from "./types";

const TONES: Record<Change, Tone> = { better: "ok", worse: "bad", same: "mute", unknown: "warn" };
const METRICS = ["p50_ms", "p95_ms", "p99_ms", "mean_ms", "per_s", "errors_percent"] as const;

export function Compare({ before, after, onGo }: { before: string; after: string; onGo: Go }) {
  const { t } = useTranslation("loads");
  const { count, dateTime } = useFormat();
  const rid = useRestaurantId();
  const query = useQuery(compareQuery(rid, before, after));
  const runs = useQuery(runsQuery(rid)).data?.past ?? [];
  const named = (id: string) => {
    const run = runs.find((one) => one.id === id);
    return run === undefined ? "" : `${run.plan} · ${dateTime(run.began_ms)}`;
  };
  const metricName = (name: string) => {
    const metric = METRICS.find((one) => one === name);
    return metric === undefined ? name : t(`compare.metrics.${metric}`);
  };
  const figure = (value: number) => count(ms(value));
  const took = (value: number) => `${figure(value)} ms`;
  const signed = (value: number) => `${value > 0 ? "+" : ""}${count(Math.round(value * 100) / 100)}`;
  return (
    <>
      <PageHead title={t("compare.title")} sub={`${named(before)} → ${named(after)}`}>
        <Button variant="default" onClick={() => onGo({})}>
          {t("edit.back")}
        </Button>
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={6} />}>
          {(data) => (
            <>
              <Panel>
                <div className={styles.verdict}>
                  <Pill tone={TONES[data.verdict]}>{t(`compare.${data.verdict}`)}</Pill>
                  <p>{t(`compare.sentence.${data.verdict}`)}</p>
                </div>
                {data.warnings.map((warning) => (
                  <p key={warning} className={styles.warning}>
                    {warning}
                  </p>
                ))}
              </Panel>
              <Panel title={t("compare.figures")} note={t("compare.method")}>
                <Table
                  label={t("compare.figures")}
                  rows={data.rows}
                  keyOf={(row) => row.metric}
                  columns={[
                    { head: t("compare.metric"), cell: (row) => metricName(row.metric) },
                    { head: t("compare.before"), isNumber: true, cell: (row) => figure(row.before) },
                    { head: t("compare.after"), isNumber: true, cell: (row) => figure(row.after) },
                    {
                      head: t("compare.noise"),
                      isNumber: true,
                      cell: ({ low, high }) =>
                        low === null || high === null ? "–" : `${signed(low)} … ${signed(high)}`,
                    },
                    {
                      head: t("compare.verdict"),
                      cell: (row) => <Pill tone={TONES[row.change]}>{t(`compare.${row.change}`)}</Pill>,
                    },
                  ]}
                />
              </Panel>
              {data.steps.length > 0 && (
                <Panel title={t("compare.p95")}>
                  <Table
                    label={t("compare.p95")}
                    rows={data.steps}
                    keyOf={(step) => step.name}
                    columns={[
                      { head: t("report.step"), wraps: true, cell: (step) => step.name },
                      { head: t("compare.before"), isNumber: true, cell: (step) => took(step.before_p95_ms) },
                      { head: t("compare.after"), isNumber: true, cell: (step) => took(step.after_p95_ms) },
                    ]}
                  />
                </Panel>
              )}
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}
