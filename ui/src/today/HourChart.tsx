// Sales by hour: a bar for today, a mark for the same day a week ago; a table with the same numbers is there for
// screen readers.
import { useTranslation } from "react-i18next";
import { Bars } from "../kit/Bars";
import { useFormat } from "../kit/format";
import type { HourPair } from "./compare";

export function HourChart(props: { pairs: HourPair[]; runningHour: number; lastWeekday: string }) {
  const { pairs, runningHour, lastWeekday } = props;
  const { t } = useTranslation("today");
  const { money, hour } = useFormat();
  const bars = pairs.map((pair) => ({
    key: String(pair.hour),
    label: hour(pair.hour),
    value: pair.gross_minor,
    before: pair.last_week_minor,
    isRunning: pair.hour === runningHour,
    sentence: t("chart.hour", {
      from: hour(pair.hour),
      to: hour(pair.hour + 1),
      count: pair.orders,
      money: money(pair.gross_minor),
      before: money(pair.last_week_minor),
      day: lastWeekday,
    }),
  }));
  const lastWeek = t("chart.lastWeek", { day: lastWeekday });
  return (
    // The table for screen readers is placed where the picture is.
    <div style={{ position: "relative", minWidth: 0 }}>
      <Bars bars={bars} label={t("chart.label")} now={t("chart.today")} before={lastWeek} />
      <table className="visually-hidden">
        <caption>{t("chart.label")}</caption>
        <thead>
          <tr>
            <th>{t("chart.columnHour")}</th>
            <th>{t("chart.today")}</th>
            <th>{lastWeek}</th>
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
    </div>
  );
}
