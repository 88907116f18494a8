// Each threshold with what was measured: a word besides the colour.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import styles from "./loads.module.css";
import { ms } from "./model";
import type { Verdict } from "./types";

const unitOf = (metric: string) => (metric === "errors" ? "%" : metric === "throughput" ? "/s" : "ms");

export function Verdicts({ verdicts }: { verdicts: readonly Verdict[] }) {
  const { t } = useTranslation("loads");
  const { count } = useFormat();
  if (verdicts.length === 0) return <p className={styles.quiet}>{t("report.noThresholds")}</p>;
  return (
    <Panel title={t("report.thresholds")}>
      <ul className={`${styles.verdicts} num`}>
        {verdicts.map(({ threshold, measured, kept }) => {
          const unit = unitOf(threshold.metric);
          const limit = threshold.at_most ?? threshold.at_least ?? 0;
          return (
            <li key={`${threshold.metric} ${threshold.step ?? ""} ${limit}`}>
              <span>
                {threshold.metric}
                {threshold.step !== undefined && ` · ${threshold.step}`}
              </span>
              <span>{`${threshold.at_most === undefined ? "≥" : "≤"} ${count(limit)} ${unit}`}</span>
              <b>{measured === null ? "–" : `${count(ms(measured))} ${unit}`}</b>
              <Pill tone={kept ? "ok" : "bad"}>{kept ? t("report.kept") : t("report.broken")}</Pill>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
