// The sum largest, what stands beside it, and the days or hours as a picture.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { HourRow, ReportSummary } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { Bars, type ShownBar } from "../kit/Bars";
import { useFormat } from "../kit/format";
import { Hero } from "../kit/Hero";
import { Stat, Stats } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { Bone } from "../kit/Skeletons";
import { addDays, aheadOf, barsOf, daysOf, type Range, stepOf } from "./model";
import { daysQuery, hoursQuery } from "./queries";

export function Sales(props: { summary: ReportSummary; range: Range; today: string; cutoffMinute: number }) {
  const { t } = useTranslation("reports");
  const { money, count, percent, span, day } = useFormat();
  const { summary, range } = props;
  const { totals, averages, states, before } = summary;
  // A day that is not over is no match for a whole one.
  const isRunning = range.to >= props.today;
  const ahead = isRunning ? null : aheadOf(totals.gross_minor, before.gross_minor);
  const beforeDays = before.from === before.to ? day(before.from) : `${day(before.from)} – ${day(before.to)}`;
  const given = totals.discounts_minor + totals.comps_minor;
  return (
    <>
      <Hero
        label={t("sales")}
        sum={
          <>
            <small>{t("sales")}</small>
            <b className="num">{money(totals.gross_minor)}</b>
            {ahead !== null && (
              <Pill tone={ahead >= 0 ? "ok" : "warn"}>
                {t(ahead >= 0 ? "ahead" : "behind", { share: percent(Math.abs(ahead)) })}
              </Pill>
            )}
            <p className="num">
              {t("sentence", {
                checks: t("checks", { count: totals.orders }),
                covers: t("covers", { count: totals.covers }),
              })}{" "}
              {before.gross_minor === 0
                ? t("noBefore")
                : t(isRunning ? "beforeWhole" : "beforeWas", {
                    days: beforeDays,
                    money: money(before.gross_minor),
                  })}
            </p>
          </>
        }
      >
        {daysOf(range) === 1 ? (
          <HourBars range={range} cutoffMinute={props.cutoffMinute} />
        ) : (
          <DayBars range={range} />
        )}
      </Hero>
      <Stats>
        <Stat
          label={t("stat.average")}
          value={money(averages.check_minor)}
          note={
            averages.cover_minor == null
              ? t("stat.noCovers")
              : t("stat.cover", { money: money(averages.cover_minor) })
          }
        />
        <Stat
          label={t("stat.net")}
          value={money(totals.net_minor)}
          note={t("stat.tax", { money: money(totals.tax_minor) })}
        />
        <Stat
          label={t("stat.turn")}
          value={averages.turn_ms == null ? "–" : span(averages.turn_ms)}
          note={averages.turn_ms == null ? t("stat.noTurn") : t("stat.turnNote")}
        />
        <Stat
          label={t("stat.given")}
          value={money(given)}
          note={
            given === 0
              ? t("stat.noneGiven")
              : t("stat.givenNote", {
                  discounts: money(totals.discounts_minor),
                  comps: money(totals.comps_minor),
                })
          }
        />
        <Stat
          label={t("stat.refunds")}
          value={money(totals.refunds.minor)}
          note={
            totals.refunds.count === 0 && totals.voids.count === 0
              ? t("stat.noneBack")
              : t("stat.refundsNote", {
                  count: totals.refunds.count,
                  voids: t("stat.voids", { count: totals.voids.count, money: money(totals.voids.minor) }),
                })
          }
        />
        <Stat
          label={t("stat.states")}
          value={count(states.completed)}
          note={t("stat.statesNote", { open: count(states.open), cancelled: count(states.cancelled) })}
        />
      </Stats>
    </>
  );
}

function useSentence() {
  const { t } = useTranslation("reports");
  const { money } = useFormat();
  return (name: string, bar: { minor: number; orders: number; before_minor: number }) =>
    t("chart.bar", {
      name,
      money: money(bar.minor),
      count: bar.orders,
      before: money(bar.before_minor),
    });
}

function DayBars({ range }: { range: Range }) {
  const { t } = useTranslation("reports");
  const { day, dayLong, weekday } = useFormat();
  const sentence = useSentence();
  const query = useQuery(daysQuery(useRestaurantId(), range));
  const step = stepOf(range);
  const label = (date: string) =>
    step === "month"
      ? date.slice(2, 7)
      : step === "day" && daysOf(range) <= 7
        ? weekday(date)
        : // Without its weekday.
          day(date).replace(/^\S+ /, "");
  const name = (date: string) =>
    step === "day"
      ? dayLong(date)
      : step === "week"
        ? t("chart.week", { from: day(date), to: day(addDays(date, 6)) })
        : date.slice(0, 7);
  return (
    <Answer query={query} skeleton={<Bone h={220} />}>
      {(report) => (
        <Bars
          label={t(`chart.${step}s`)}
          now={t("chart.now")}
          before={t("chart.before")}
          bars={barsOf(report.rows, range).map((bar) => ({
            key: bar.key,
            value: bar.minor,
            before: bar.before_minor,
            label: label(bar.key),
            sentence: sentence(name(bar.key), bar),
          }))}
        />
      )}
    </Answer>
  );
}

function HourBars({ range, cutoffMinute }: { range: Range; cutoffMinute: number }) {
  const { t } = useTranslation("reports");
  const { hour } = useFormat();
  const sentence = useSentence();
  const query = useQuery(hoursQuery(useRestaurantId(), range));
  const bar = (row: HourRow): ShownBar => ({
    key: String(row.hour),
    label: hour(row.hour),
    sentence: sentence(`${hour(row.hour)}–${hour(row.hour + 1)} h`, { ...row, minor: row.gross_minor }),
    value: row.gross_minor,
    before: row.before_minor,
  });
  return (
    <Answer query={query} skeleton={<Bone h={220} />}>
      {(report) => (
        <Bars
          label={t("chart.hours")}
          now={t("chart.now")}
          before={t("chart.before")}
          bars={everyHour(report.rows, Math.floor(cutoffMinute / 60)).map(bar)}
        />
      )}
    </Answer>
  );
}

/** No gap between the first and the last hour, so that a quiet hour is seen as one. */
function everyHour(rows: HourRow[], firstHour: number): HourRow[] {
  const since = (hour: number) => (hour - firstHour + 24) % 24;
  const places = rows.map((row) => since(row.hour));
  const [first, last] = [Math.min(23, ...places), Math.max(0, ...places)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
    const hour = (firstHour + first + at) % 24;
    return (
      rows.find((row) => row.hour === hour) ?? {
        hour,
        orders: 0,
        covers: 0,
        gross_minor: 0,
        average_minor: 0,
        before_minor: 0,
      }
    );
  });
}
