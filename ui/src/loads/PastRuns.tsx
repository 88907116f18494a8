// What was run: one line each, and two of them to compare.
import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
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
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={t("past")}>
        <table className={`${styles.table} num`}>
          <thead>
            <tr>
              <th aria-label={t("list.compareTwo")} />
              <th>{t("list.plan")}</th>
              <th>{t("list.when")}</th>
              <th data-number>{t("list.rate")}</th>
              <th data-number>{t("list.p95")}</th>
              <th data-number>{t("list.p99")}</th>
              <th data-number>{t("list.errors")}</th>
              <th>{t("list.outcome")}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => {
              const measured = run.requests > 0;
              return (
                <tr key={run.id}>
                  <td>
                    <Checkbox
                      size="xs"
                      disabled={!measured}
                      checked={chosen.includes(run.id)}
                      aria-label={t("list.choose", { name: run.plan, at: dateTime(run.began_ms) })}
                      onChange={() => toggle(run.id)}
                    />
                  </td>
                  <td>
                    <button type="button" className={styles.link} onClick={() => onGo({ run: run.id })}>
                      {run.plan}
                    </button>
                  </td>
                  <td>{dateTime(run.began_ms)}</td>
                  <td data-number>{measured ? count(Math.round(run.per_s)) : "–"}</td>
                  <td data-number>{measured ? `${count(ms(run.p95_ms))} ms` : "–"}</td>
                  <td data-number>{measured ? `${count(ms(run.p99_ms))} ms` : "–"}</td>
                  <td data-number>{measured ? percent(run.errors_percent / 100) : "–"}</td>
                  <td>
                    <Outcome run={run} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
