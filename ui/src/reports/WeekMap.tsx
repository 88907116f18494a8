// Hour by weekday: the busier, the deeper the colour. Every cell says its figures.
import { useTranslation } from "react-i18next";
import type { WeekRow } from "../api/types";
import { useFormat } from "../kit/format";
import { addDays } from "./model";
import styles from "./reports.module.css";

/** Any Monday: the names of weekdays are taken from dates. */
const MONDAY = "2024-01-01";

export function WeekMap(props: { rows: WeekRow[]; firstHour: number }) {
  const { t } = useTranslation("reports");
  const { money, hour, weekday, weekdayLong } = useFormat();
  const { rows, firstHour } = props;
  if (rows.length === 0) return <p className={styles.quiet}>{t("nothing")}</p>;
  const since = (one: number) => (one - firstHour + 24) % 24;
  const places = rows.map((row) => since(row.hour));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const hours = Array.from({ length: last - first + 1 }, (_, at) => (first + at + firstHour) % 24);
  const average = (row: WeekRow) => row.gross_minor / Math.max(1, row.days);
  const most = Math.max(1, ...rows.map(average));
  return (
    <div className={styles.map} role="region" tabIndex={0} aria-label={t("week.label")}>
      <table className="num">
        <caption className="visually-hidden">{t("week.label")}</caption>
        <thead>
          <tr>
            <td />
            {hours.map((one) => (
              <th key={one} scope="col">
                {hour(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <tr key={day}>
              <th scope="row">
                <abbr title={weekdayLong(addDays(MONDAY, day - 1))}>{weekday(addDays(MONDAY, day - 1))}</abbr>
              </th>
              {hours.map((one) => {
                const row = rows.find((row) => row.weekday === day && row.hour === one);
                const sentence =
                  row === undefined
                    ? t("week.none")
                    : t("week.cell", { money: money(Math.round(average(row))), count: row.orders });
                const depth = row === undefined ? 0 : Math.round(12 + (88 * average(row)) / most);
                return (
                  <td
                    key={one}
                    title={`${weekday(addDays(MONDAY, day - 1))} ${hour(one)}–${hour(one + 1)}: ${sentence}`}
                    style={{ background: `color-mix(in srgb, var(--accent) ${depth}%, var(--sunken))` }}
                  >
                    <span className="visually-hidden">{sentence}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.quiet}>{t("week.note")}</p>
    </div>
  );
}
