// The three pictures of a run, live or over: rate, latency, and every request.
import { useTranslation } from "react-i18next";
import { Panel } from "../kit/Page";
import { Chart } from "./Chart";
import { Heat } from "./Heat";
import styles from "./loads.module.css";
import { gather } from "./model";
import type { LoadWindow } from "./types";

export function Charts(props: { windows: readonly LoadWindow[]; isClosed: boolean; until?: number }) {
  const { t } = useTranslation("loads");
  const columns = gather(props.windows);
  const at = columns.map((w) => w.at_s);
  const until = props.until === undefined ? {} : { until: props.until };
  const answered = {
    name: t("chart.answered"),
    tone: "accent",
    values: columns.map((w) => w.requests),
  } as const;
  const asked = {
    name: t("chart.asked"),
    tone: "mute",
    dashed: true,
    values: columns.map((w) => w.asked),
  } as const;
  const begun = { name: t("chart.begun"), tone: "warn", values: columns.map((w) => w.begun) } as const;
  return (
    <>
      <div className={styles.two}>
        <Panel title={props.isClosed ? t("chart.requests") : t("chart.rate")}>
          <Chart
            label={props.isClosed ? t("chart.requests") : t("chart.rate")}
            hint={t("chart.walk")}
            at={at}
            series={props.isClosed ? [answered] : [asked, begun, answered]}
            {...until}
          />
        </Panel>
        <Panel title={t("chart.latency")}>
          <Chart
            label={t("chart.latency")}
            hint={t("chart.walk")}
            at={at}
            unit="ms"
            series={[
              { name: "p50", tone: "accent", values: columns.map((w) => w.p50_ms) },
              { name: "p95", tone: "warn", values: columns.map((w) => w.p95_ms) },
              { name: "p99", tone: "bad", values: columns.map((w) => w.p99_ms) },
            ]}
            {...until}
          />
        </Panel>
      </div>
      <Panel title={t("chart.heat")}>
        <Heat columns={columns} {...until} />
      </Panel>
    </>
  );
}
