// Sales by hour: a bar for today, a mark for the same day a week ago. Arrow keys walk the hours and the sentence
// above says the figures; a table with the same numbers is there for screen readers.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { niceCeiling } from "../kit/axis";
import { useFormat } from "../kit/format";
import type { HourPair } from "./compare";
import styles from "./today.module.css";

export function HourChart(props: { pairs: HourPair[]; runningHour: number; lastWeekday: string }) {
  const { pairs, runningHour, lastWeekday } = props;
  const { t } = useTranslation("today");
  const { money, moneyRough, hour, exponent } = useFormat();
  const [picked, setPicked] = useState<number | null>(null);
  const peak = Math.max(...pairs.map((pair) => Math.max(pair.gross_minor, pair.last_week_minor)));
  // The axis is round in whole units, not in minor ones.
  const top = niceCeiling(peak / 10 ** exponent) * 10 ** exponent;
  const share = (minor: number) => `${(100 * Math.max(0, minor)) / top}%`;
  const pair = picked === null ? undefined : pairs[picked];
  const walk = (step: number) =>
    setPicked((at) => Math.min(pairs.length - 1, Math.max(0, (at ?? -1) + step)));
  return (
    <figure className={styles.chart}>
      <figcaption className={`${styles.legend} num`}>
        {pair === undefined ? (
          <>
            <span className={styles.keyToday}>{t("chart.today")}</span>
            <span className={styles.keyBefore}>{t("chart.lastWeek", { day: lastWeekday })}</span>
          </>
        ) : (
          <span aria-live="polite">
            {t("chart.hour", {
              from: hour(pair.hour),
              to: hour(pair.hour + 1),
              count: pair.orders,
              money: money(pair.gross_minor),
              before: money(pair.last_week_minor),
              day: lastWeekday,
            })}
          </span>
        )}
      </figcaption>
      {/* A group, not an image: the hours inside are walked with the arrow keys. */}
      <div
        className={styles.plot}
        role="group"
        aria-label={t("chart.label")}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") walk(1);
          else if (event.key === "ArrowLeft") walk(-1);
          else if (event.key === "Escape") setPicked(null);
          else return;
          event.preventDefault();
        }}
        onMouseLeave={() => setPicked(null)}
        onBlur={() => setPicked(null)}
      >
        <div className={styles.grid} aria-hidden>
          {[1, 0.5].map((line) => (
            <span key={line} style={{ bottom: `${line * 100}%` }}>
              <i className="num">{moneyRough(top * line)}</i>
            </span>
          ))}
        </div>
        <div className={styles.bars} aria-hidden>
          {pairs.map((one, index) => (
            <div
              key={one.hour}
              className={styles.hour}
              data-picked={picked === index ? "" : undefined}
              data-running={one.hour === runningHour ? "" : undefined}
              onMouseEnter={() => setPicked(index)}
            >
              <div className={styles.well}>
                <div className={styles.bar} style={{ height: share(one.gross_minor) }} />
                {one.last_week_minor > 0 && (
                  <div className={styles.before} style={{ bottom: share(one.last_week_minor) }} />
                )}
              </div>
              <small className="num">{hour(one.hour)}</small>
            </div>
          ))}
        </div>
      </div>
      <table className="visually-hidden">
        <caption>{t("chart.label")}</caption>
        <thead>
          <tr>
            <th>{t("chart.columnHour")}</th>
            <th>{t("chart.today")}</th>
            <th>{t("chart.lastWeek", { day: lastWeekday })}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((one) => (
            <tr key={one.hour}>
              <th scope="row">{hour(one.hour)}</th>
              <td>{money(one.gross_minor)}</td>
              <td>{money(one.last_week_minor)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
