// How the day goes, for somebody who looks forty times: the sum largest, the hours as a picture, then what sold,
// how it was paid, the days before, and what waits for a decision.
import { Button } from "@mantine/core";
import { IconChecklist, IconSun } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurant, useRestaurantId } from "../app/queries";
import type { Today } from "../api/types";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { Hero } from "../kit/Hero";
import { PageBody, PageHead, Panel, Stat, Stats } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { EmptyState } from "../kit/States";
import { aheadOfLastWeek, pairHours } from "./compare";
import { HourChart } from "./HourChart";
import { LastDays, Tenders, TopItems, WaitingCards } from "./panels";
import { tasksQuery } from "../tasks/queries";
import { todayQuery } from "./queries";
import { TodaySkeleton } from "./TodaySkeleton";
import styles from "./today.module.css";

export function TodayPage() {
  const query = useQuery(todayQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<TodaySkeleton />}>
      {(today) => <Day today={today} />}
    </Answer>
  );
}

function Day({ today }: { today: Today }) {
  const { t } = useTranslation("today");
  const { dayLong } = useFormat();
  const may = useMay();
  const isNew =
    today.totals.orders === 0 && today.open.orders === 0 && today.last_days.every((day) => day.orders === 0);
  return (
    <>
      <PageHead title={t("title")} sub={dayLong(today.business_date)}>
        <TasksLeft />
        {today.flags.length > 0 && may("inbox.read") && (
          <Button component={Link} to="/inbox" variant="default" hiddenFrom="sm">
            {t("flags", { count: today.flags.length })}
          </Button>
        )}
      </PageHead>
      {isNew ? <FirstDay /> : <Figures today={today} />}
    </>
  );
}

/** What this person still has to do today; nothing to say when all is done. */
function TasksLeft() {
  const { t } = useTranslation("today");
  const may = useMay();
  const tasks = useQuery({ ...tasksQuery(useRestaurantId(), "mine"), enabled: may("tasks.read") }).data;
  const left = tasks?.items.filter((task) => task.done_ms == null) ?? [];
  if (left.length === 0) return null;
  return (
    <Button
      component={Link}
      to="/tasks"
      variant="default"
      leftSection={<IconChecklist size={16} />}
      color={left.some((task) => task.late) ? "warn" : undefined}
    >
      {t("tasks", { count: left.length })}
    </Button>
  );
}

function FirstDay() {
  const { t } = useTranslation("today");
  const may = useMay();
  return (
    <EmptyState icon={IconSun} title={t("new.title")} text={t("new.text")}>
      {may("orders.write") && (
        <Button component={Link} to="/orders">
          {t("new.order")}
        </Button>
      )}
      {may("menu.write") && (
        <Button component={Link} to="/menu" variant="default">
          {t("new.menu")}
        </Button>
      )}
    </EmptyState>
  );
}

function Figures({ today }: { today: Today }) {
  const { t } = useTranslation("today");
  const { money, count, weekdayLong, time, percent } = useFormat();
  const cutoff = useRestaurant()?.day_cutoff_minute ?? 0;
  const { totals, open } = today;
  const runningHour = Number(time(today.now_ms).slice(0, 2));
  const pairs = pairHours(today, cutoff);
  const ahead = aheadOfLastWeek(pairs, runningHour, cutoff);
  const weekday = weekdayLong(today.business_date);
  // Voids, discounts and what was free never were in the sales; refunds still are.
  const parts = [
    ["off.voids", totals.voids.minor],
    ["off.discounts", totals.discounts_minor],
    ["off.comps", totals.comps_minor],
    ["off.refunds", totals.refunds.minor],
  ] as const;
  const off = parts.filter(([, minor]) => minor !== 0);
  return (
    <PageBody>
      {today.pending_payments.length > 0 && <WaitingCards payments={today.pending_payments} />}
      <Hero
        label={t("chart.label")}
        sum={
          <>
            <small>{t("sales")}</small>
            <b className="num">{money(totals.gross_minor)}</b>
            {ahead !== null && (
              <Pill tone={ahead >= 0 ? "ok" : "warn"}>
                {t(ahead >= 0 ? "ahead" : "behind", { share: percent(Math.abs(ahead)), day: weekday })}
              </Pill>
            )}
            <p className="num">
              {t("sentence", {
                checks: t("checks", { count: totals.orders }),
                covers: t("covers", { count: totals.covers }),
                average: money(totals.average_minor),
              })}
            </p>
          </>
        }
      >
        {pairs.length > 0 ? (
          <HourChart pairs={pairs} runningHour={runningHour} lastWeekday={weekday} />
        ) : (
          <p className={styles.quiet}>{t("chart.none")}</p>
        )}
      </Hero>
      <Stats>
        <Stat
          label={t("open.label")}
          value={count(open.orders)}
          note={t("open.note", { covers: t("covers", { count: open.covers }), money: money(open.minor) })}
        />
        <Stat
          label={t("net.label")}
          value={money(totals.net_minor)}
          note={t("net.note", { tax: money(totals.tax_minor) })}
        />
        <Stat label={t("tips.label")} value={money(totals.tips_minor)} note={t("tips.note")} />
        <Stat
          label={t("off.label")}
          value={money(off.reduce((sum, [, minor]) => sum + minor, 0))}
          note={
            off.length === 0
              ? t("off.none")
              : off.map(([what, minor]) => t(what, { money: money(minor) })).join(", ")
          }
        />
      </Stats>
      <div className={styles.three}>
        <Panel title={t("items.title")}>
          <TopItems items={today.top_items} />
        </Panel>
        <Panel title={t("days.title")}>
          <LastDays days={today.last_days.filter((day) => day.business_date !== today.business_date)} />
        </Panel>
        <Panel title={t("paid.title")}>
          <Tenders totals={totals} />
        </Panel>
      </div>
    </PageBody>
  );
}
