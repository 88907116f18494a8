// A run step by step.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import styles from "./loads.module.css";
import { ms } from "./model";
import type { Figures, Summary } from "./types";

export function StepTable({ summary }: { summary: Summary }) {
  const { t } = useTranslation("loads");
  const { count, percent } = useFormat();
  const all = Math.max(1, summary.totals.requests);
  const rows: [string, Figures][] = [
    ...summary.steps.map((step): [string, Figures] => [step.name, step]),
    [t("report.together"), summary.totals],
  ];
  return (
    <Panel title={t("report.steps")}>
      <div className={styles.scroll} tabIndex={0} role="group" aria-label={t("report.steps")}>
        <table className={`${styles.table} num`}>
          <thead>
            <tr>
              <th>{t("report.step")}</th>
              <th data-number>{t("report.share")}</th>
              <th data-number>{t("report.requests")}</th>
              <th data-number>p50</th>
              <th data-number>p95</th>
              <th data-number>p99</th>
              <th data-number>p99.9</th>
              <th data-number>{t("report.errors")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, f], index) => (
              <tr key={name} data-sum={index === rows.length - 1 ? "" : undefined}>
                <td>{name}</td>
                <td data-number>{percent(f.requests / all)}</td>
                <td data-number>{count(f.requests)}</td>
                <td data-number>{count(ms(f.p50_ms))} ms</td>
                <td data-number>{count(ms(f.p95_ms))} ms</td>
                <td data-number>{count(ms(f.p99_ms))} ms</td>
                <td data-number>{count(ms(f["p99.9_ms"]))} ms</td>
                <td data-number>{count(f.errors)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
