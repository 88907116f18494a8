// How it was over a day, a week or ninety days: up or down piece by piece, and how long answers took. Arrow keys walk the
// pieces and the sentence above says their figures.
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { niceCeiling } from "../kit/axis";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Plot, PLOT_WIDTH } from "../kit/Plot";
import styles from "./deployments.module.css";
import type { Days, DeploymentDetail, Span } from "./queries";

const H = 150;
const STRIP = 14;

export function History(props: { detail: DeploymentDetail; days: Days; onDays: (days: Days) => void }) {
  const { t } = useTranslation("deployments");
  const { spans } = props.detail;
  return (
    <Panel
      title={t("history.title")}
      note={
        <SegmentedControl
          size="xs"
          aria-label={t("history.days")}
          value={String(props.days)}
          onChange={(value) => props.onDays(value === "7" ? 7 : value === "90" ? 90 : 1)}
          data={[
            { value: "1", label: t("history.day") },
            { value: "7", label: t("history.week") },
            { value: "90", label: t("history.quarter") },
          ]}
        />
      }
    >
      {spans.length === 0 ? <p className={styles.quiet}>{t("history.none")}</p> : <Picture {...props} />}
    </Panel>
  );
}

function Picture({ detail, days }: { detail: DeploymentDetail; days: Days }) {
  const { t } = useTranslation("deployments");
  const { dateTime, took, rate } = useFormat();
  const [picked, setPicked] = useState<number | null>(null);
  const { spans, step_ms, now_ms } = detail;
  const from = Math.max(now_ms - days * 86_400_000, (spans[0]?.from_ms ?? 0) - step_ms);
  const length = Math.max(step_ms * 4, now_ms - from + step_ms / 2);
  const x = (ms: number) => ((ms - from) / length) * PLOT_WIDTH;
  const top = niceCeiling(Math.max(1, ...spans.map((span) => span.p95_ms ?? 0)));
  const y = (ms: number) => H - (ms / top) * H;
  const shown = spans[Math.min(picked ?? spans.length - 1, spans.length - 1)];
  const line = (value: (span: Span) => number | null | undefined) => {
    let path = "";
    let isOpen = false;
    for (const span of spans) {
      const ms = value(span);
      if (ms == null) isOpen = false;
      else {
        path += `${isOpen ? "L" : "M"}${x(span.from_ms + step_ms / 2).toFixed(1)} ${y(ms).toFixed(1)}`;
        // A piece that stands alone is a point.
        if (!isOpen) path += "h0.01";
        isOpen = true;
      }
    }
    return path;
  };
  return (
    <Plot
      label={`${t("history.title")}. ${t("history.hint")}`}
      at={spans.map((span) => x(span.from_ms + step_ms / 2))}
      picked={picked}
      onPick={setPicked}
      height={H}
      below={STRIP + 6}
      top={took(top * 1000)}
      from={dateTime(from)}
      to={t("history.now")}
      caption={
        shown !== undefined && (
          <>
            <b aria-live={picked === null ? "off" : "polite"}>{dateTime(shown.from_ms)}</b>
            <span>
              {t("history.good", {
                share: rate(Math.floor((shown.good / shown.probes) * 10_000)),
                count: shown.probes,
              })}
            </span>
            <span data-tone="accent">
              {t("history.p50", { ms: shown.p50_ms == null ? "–" : took(shown.p50_ms * 1000) })}
            </span>
            <span data-tone="warn">
              {t("history.p95", { ms: shown.p95_ms == null ? "–" : took(shown.p95_ms * 1000) })}
            </span>
          </>
        )
      }
    >
      <path data-tone="warn" d={line((span) => span.p95_ms)} />
      <path data-tone="accent" d={line((span) => span.p50_ms)} />
      {spans.map((span) => (
        <rect
          key={span.from_ms}
          className={styles.piece}
          data-state={span.good === span.probes ? "up" : span.good === 0 ? "down" : "part"}
          x={x(span.from_ms)}
          y={H + 6}
          width={Math.max(1.5, (step_ms / length) * PLOT_WIDTH - 0.8)}
          height={STRIP}
        />
      ))}
    </Plot>
  );
}
