// What was run: one line each, and two of them to compare.
import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { type Column, Table } from "../kit/Table";
import styles from "./loads.module.css";
import type { Go } from "./LoadsPage";
import { ms } from "./model";
import type { LoadRun } from "./queries";

const OUTCOMES = ["finished", "stopped", "stopped_itself", "failed"] as const;

export function Outcome({ run }: { run: LoadRun }) {
  const { t } = useTranslation("loads");
  const outcome = OUTCOMES.find((one) => one === run.outcome) ?? "failed";
  const [tone, text]: [Tone, string] =
    outcome !== "finished"
      ? [outcome === "stopped" ? "mute" : "bad", t(`report.${outcome}`)]
      : run.good
        ? ["ok", t("report.good")]
        : ["warn", t("report.bad")];
  return <Pill tone={tone}>{text}</Pill>;
}

export function PastRuns({ runs, onGo }: { runs: readonly LoadRun[]; onGo: Go }) {
  const { t } = useTranslation("loads");
  const { count, dateTime, percent } = useFormat();
  const [chosen, setChosen] = useState<string[]>([]);
  const two = runs.filter((run) => chosen.includes(run.id)).sort((a, b) => a.began_ms - b.began_ms);
  const toggle = (id: string) =>
    setChosen((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id].slice(-2)));
  const measured = (head: string, of: (run: LoadRun) => string): Column<LoadRun> => ({
    head,
    isNumber: true,
    cell: (run) => (run.requests > 0 ? of(run) : "–"),
  });
  return (
    <Panel
      title={t("past")}
      note={
        <Button
          size="xs"
          variant="default"
          disabled={two.length !== 2}
          title={two.length === 2 ? undefined : t("list.pick")}
          onClick={() => onGo({ before: two[0]?.id ?? "", after: two[1]?.id ?? "" })}
        >
          {t("list.compareTwo")}
        </Button>
      }
    >
      <Table
        label={t("past")}
        rows={runs}
        keyOf={(run) => run.id}
        columns={[
          {
            head: t("list.plan"),
            cell: (run) => (
              <span className={styles.named}>
                <Checkbox
                  size="xs"
                  disabled={run.requests === 0}
                  checked={chosen.includes(run.id)}
                  aria-label={t("list.choose", { name: run.plan, at: dateTime(run.began_ms) })}
                  onChange={() => toggle(run.id)}
                />
                <button type="button" className={styles.link} onClick={() => onGo({ run: run.id })}>
                  {run.plan}
                </button>
              </span>
            ),
          },
          { head: t("list.when"), cell: (run) => dateTime(run.began_ms) },
          measured(t("list.rate"), (run) => count(Math.round(run.per_s))),
          measured(t("list.p95"), (run) => `${count(ms(run.p95_ms))} ms`),
          measured(t("list.p99"), (run) => `${count(ms(run.p99_ms))} ms`),
          measured(t("list.errors"), (run) => percent(run.errors_percent / 100)),
          { head: t("list.outcome"), cell: (run) => <Outcome run={run} /> },
        ]}
      />
    </Panel>
  );
}
