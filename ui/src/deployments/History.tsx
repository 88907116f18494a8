// How it was over a day, a week or ninety days: up or down piece by piece, and how long answers took. Arrow keys walk the
// pieces and the sentence above says their figures.
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { niceCeiling } from "../kit/axis";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import styles from "./deployments.module.css";
import type { Days, DeploymentDetail, Span } from "./queries";

const W = 1000;
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
  const x = (ms: number) => ((ms - from) / length) * W;
  const top = niceCeiling(Math.max(1, ...spans.map((span) => span.p95_ms ?? 0)));
  const y = (ms: number) => H - (ms / top) * H;
  const shown = spans[Math.min(picked ?? spans.length - 1, spans.length - 1)];
  const walk = (step: number) =>
    setPicked((now) => Math.min(spans.length - 1, Math.max(0, (now ?? spans.length - 1) + step)));
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
    <figure className={styles.chart}>
      <figcaption className="num">
        {shown !== undefined && (
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
        )}
      </figcaption>
      <div
        className={styles.plot}
        role="group"
        aria-label={`${t("history.title")}. ${t("history.hint")}`}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") walk(1);
          else if (event.key === "ArrowLeft") walk(-1);
          else if (event.key === "Escape" && picked !== null) setPicked(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const ms = from + ((event.clientX - box.left) / box.width) * length - step_ms / 2;
          let nearest = 0;
          spans.forEach((one, index) => {
            if (Math.abs(one.from_ms - ms) < Math.abs((spans[nearest]?.from_ms ?? 0) - ms)) nearest = index;
          });
          setPicked(nearest);
        }}
        onPointerLeave={() => setPicked(null)}
      >
        <i className="num">{took(top * 1000)}</i>
        <svg viewBox={`0 0 ${W} ${H + STRIP + 6}`} preserveAspectRatio="none" aria-hidden>
          <path className={styles.grid} d={`M0 ${H}H${W}M0 ${H / 2}H${W}M0 0H${W}`} />
          <path className={styles.line} data-tone="warn" d={line((span) => span.p95_ms)} />
          <path className={styles.line} data-tone="accent" d={line((span) => span.p50_ms)} />
          {spans.map((span) => (
            <rect
              key={span.from_ms}
              className={styles.piece}
              data-state={span.good === span.probes ? "up" : span.good === 0 ? "down" : "part"}
              x={x(span.from_ms)}
              y={H + 6}
              width={Math.max(1.5, (step_ms / length) * W - 0.8)}
              height={STRIP}
            />
          ))}
          {picked !== null && shown !== undefined && (
            <path className={styles.cursor} d={`M${x(shown.from_ms + step_ms / 2)} 0V${H}`} />
          )}
        </svg>
        <div className={`${styles.axis} num`}>
          <span>{dateTime(from)}</span>
          <span>{t("history.now")}</span>
        </div>
      </div>
    </figure>
  );
}
