// The last hour's requests, minute by minute: how many, and what the slowest of a hundred waited.
import { useTranslation } from "react-i18next";
import type { Checkup, HealthMinute } from "../api/types";
import { Bars } from "../kit/Bars";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import styles from "./health.module.css";

const MINUTE_MS = 60_000;
const MINUTES = 60;

export function LastHour({ checkup }: { checkup: Checkup }) {
  const { t } = useTranslation("health");
  const { time, count, took } = useFormat();
  const minutes = everyMinute(checkup);
  const sentence = (minute: HealthMinute) =>
    t("hour.minute", {
      time: time(minute.at_ms),
      count: minute.requests,
      failed: count(minute.failed),
      p50: took(minute.p50_us),
      p99: took(minute.p99_us),
    });
  const bars = (value: (minute: HealthMinute) => number) =>
    minutes.map((minute) => ({
      key: String(minute.at_ms),
      label: time(minute.at_ms),
      sentence: sentence(minute),
      value: value(minute),
    }));
  return (
    <div className={styles.charts}>
      <Panel title={t("hour.requests")}>
        <Bars
          bars={bars((minute) => minute.requests)}
          label={t("hour.requests")}
          now={t("hour.requestsKey")}
          axis={count}
        />
      </Panel>
      <Panel title={t("hour.waits")}>
        <Bars
          bars={bars((minute) => minute.p99_us)}
          label={t("hour.waits")}
          now={t("hour.waitsKey")}
          axis={took}
        />
      </Panel>
    </div>
  );
}

/** Quiet minutes are bars of no height, so that the hour is an hour. */
function everyMinute({ now_ms, minutes }: Checkup): HealthMinute[] {
  const placeOf = (at_ms: number) => MINUTES - 1 - Math.floor(Math.max(0, now_ms - at_ms) / MINUTE_MS);
  const quiet = { requests: 0, refused: 0, failed: 0, p50_us: 0, p95_us: 0, p99_us: 0, max_us: 0 };
  const hour = Array.from({ length: MINUTES }, (_, at) => ({
    ...quiet,
    at_ms: now_ms - (MINUTES - 1 - at) * MINUTE_MS,
  }));
  for (const minute of minutes) {
    const at = placeOf(minute.at_ms);
    if (at >= 0) hour[at] = minute;
  }
  return hour;
}
