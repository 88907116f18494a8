// What any days brought: the sum and its picture first, then one table at a time, each to be had as a file.
import { Group, SegmentedControl, Select, Tabs, TextInput } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type {
  CategoryRow,
  DayRow,
  HourRow,
  ItemRow,
  StaffRow,
  TaxRow,
  TenderRow,
  WeekRow,
} from "../api/types";
import { meQuery, useRestaurant, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { Chain } from "./Chain";
import { Files } from "./Files";
import { daysOf, type Preset, presets, type Range, rangeOf } from "./model";
import {
  categoriesQuery,
  daysQuery,
  fetchFile,
  hoursQuery,
  itemsQuery,
  reportNames,
  type ReportName,
  staffQuery,
  summaryQuery,
  taxesQuery,
  tendersQuery,
  weekQuery,
} from "./queries";
import { EveryLine } from "./EveryLine";
import { Journal } from "./Journal";
import { Sales } from "./Sales";
import styles from "./reports.module.css";
import { ReportsSkeleton } from "./ReportsSkeleton";
import {
  CategoriesTable,
  DaysTable,
  HoursTable,
  ItemsTable,
  StaffTable,
  TaxesTable,
  TendersTable,
} from "./tables";
import { WeekMap } from "./WeekMap";

const route = getRouteApi("/shell/reports");

export function ReportsPage() {
  const { t } = useTranslation("reports");
  const restaurant = useRestaurant();
  const search = route.useSearch();
  const { day, dayLong } = useFormat();
  const today = restaurant?.business_date;
  const hasSeveral = (useQuery(meQuery).data?.restaurants.length ?? 0) > 1;
  const isAll = hasSeveral && search.of === "all";
  if (today === undefined) return <ReportsSkeleton />;
  const preset = presets.find((one) => one === search.days) ?? "week";
  const range = rangeOf(preset, today, search.from, search.to);
  const days =
    range.from === range.to
      ? dayLong(range.from)
      : t("span", {
          from: day(range.from),
          to: `${day(range.to)} ${range.to.slice(0, 4)}`,
          count: daysOf(range),
        });
  return (
    <>
      <PageHead title={t("title")} sub={days}>
        {hasSeveral && <Whose isAll={isAll} />}
        <Choice preset={preset} range={range} today={today} />
      </PageHead>
      {isAll ? (
        <Chain range={range} today={today} />
      ) : (
        <Figures range={range} today={today} cutoffMinute={restaurant?.day_cutoff_minute ?? 0} />
      )}
    </>
  );
}

/** This restaurant, or all of them. */
function Whose({ isAll }: { isAll: boolean }) {
  const { t } = useTranslation("reports");
  const navigate = route.useNavigate();
  return (
    <SegmentedControl
      size="sm"
      aria-label={t("chain.whose")}
      data={[
        { value: "this", label: t("chain.this") },
        { value: "all", label: t("chain.all") },
      ]}
      value={isAll ? "all" : "this"}
      onChange={(of) =>
        void navigate({ search: (old) => ({ ...old, of: of === "all" ? "all" : undefined }) })
      }
    />
  );
}

function Choice(props: { preset: Preset; range: Range; today: string }) {
  const { t } = useTranslation("reports");
  const navigate = route.useNavigate();
  const { preset, range } = props;
  const choose = (value: string | null) => {
    const days = presets.find((one) => one === value);
    if (days === undefined) return;
    const dates = days === "custom" ? range : { from: undefined, to: undefined };
    void navigate({ search: (old) => ({ ...old, days, ...dates }) });
  };
  const data = presets.map((value) => ({ value, label: t(`preset.${value}`) }));
  const set = (change: Partial<Range>) =>
    void navigate({ search: (old) => ({ ...old, ...range, ...change }) });
  return (
    <>
      <SegmentedControl
        visibleFrom="lg"
        size="sm"
        aria-label={t("preset.label")}
        data={data}
        value={preset}
        onChange={choose}
      />
      <Select
        hiddenFrom="lg"
        aria-label={t("preset.label")}
        allowDeselect={false}
        data={data}
        value={preset}
        onChange={choose}
      />
      {preset === "custom" && (
        <Group gap="xs" wrap="nowrap">
          <TextInput
            type="date"
            aria-label={t("from")}
            value={range.from}
            max={range.to}
            onChange={(event) => event.currentTarget.value !== "" && set({ from: event.currentTarget.value })}
          />
          <span aria-hidden>–</span>
          <TextInput
            type="date"
            aria-label={t("to")}
            value={range.to}
            min={range.from}
            onChange={(event) => event.currentTarget.value !== "" && set({ to: event.currentTarget.value })}
          />
        </Group>
      )}
    </>
  );
}

function Figures(props: { range: Range; today: string; cutoffMinute: number }) {
  const { t } = useTranslation("reports");
  const { range } = props;
  const query = useQuery(summaryQuery(useRestaurantId(), range));
  return (
    <Answer query={query} skeleton={<ReportsSkeleton bodyOnly />}>
      {(summary) => {
        const { totals, states } = summary;
        const isQuiet =
          totals.orders === 0 &&
          states.cancelled === 0 &&
          totals.refunds.count === 0 &&
          totals.voids.count === 0;
        return isQuiet ? (
          <EmptyState icon={IconChartBar} title={t("empty.title")} text={t("empty.text")} />
        ) : (
          <PageBody>
            <Sales summary={summary} range={range} today={props.today} cutoffMinute={props.cutoffMinute} />
            <Tables range={range} cutoffMinute={props.cutoffMinute} />
            <Journal range={range} />
            <EveryLine range={range} />
          </PageBody>
        );
      }}
    </Answer>
  );
}

function Tables(props: { range: Range; cutoffMinute: number }) {
  const { t } = useTranslation("reports");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const rid = useRestaurantId();
  const show = reportNames.find((one) => one === search.show) ?? "items";
  return (
    <Panel className={styles.tables}>
      <Tabs
        value={show}
        onChange={(value) => void navigate({ search: (old) => ({ ...old, show: value ?? undefined }) })}
        keepMounted={false}
      >
        <div className={styles.tabsHead}>
          <Tabs.List aria-label={t("show.label")}>
            {reportNames.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`show.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Files of={t(`show.${show}`)} save={(format) => fetchFile(rid, show, format, props.range)} />
        </div>
        <Tabs.Panel value={show} tabIndex={-1}>
          {/* Keyed: one report never shows in the columns of another while it loads. */}
          <OneTable key={show} show={show} range={props.range} cutoffMinute={props.cutoffMinute} />
        </Tabs.Panel>
      </Tabs>
    </Panel>
  );
}

function OneTable(props: { show: ReportName; range: Range; cutoffMinute: number }) {
  const rid = useRestaurantId();
  const { range } = props;
  switch (props.show) {
    case "days":
      return <Rows<DayRow> query={daysQuery(rid, range)}>{(rows) => <DaysTable rows={rows} />}</Rows>;
    case "hours":
      return <Rows<HourRow> query={hoursQuery(rid, range)}>{(rows) => <HoursTable rows={rows} />}</Rows>;
    case "week":
      return (
        <Rows<WeekRow> query={weekQuery(rid, range)}>
          {(rows) => <WeekMap rows={rows} firstHour={Math.floor(props.cutoffMinute / 60)} />}
        </Rows>
      );
    case "items":
      return <Rows<ItemRow> query={itemsQuery(rid, range)}>{(rows) => <ItemsTable rows={rows} />}</Rows>;
    case "categories":
      return (
        <Rows<CategoryRow> query={categoriesQuery(rid, range)}>
          {(rows) => <CategoriesTable rows={rows} />}
        </Rows>
      );
    case "staff":
      return <Rows<StaffRow> query={staffQuery(rid, range)}>{(rows) => <StaffTable rows={rows} />}</Rows>;
    case "tenders":
      return (
        <Rows<TenderRow> query={tendersQuery(rid, range)}>{(rows) => <TendersTable rows={rows} />}</Rows>
      );
    case "taxes":
      return <Rows<TaxRow> query={taxesQuery(rid, range)}>{(rows) => <TaxesTable rows={rows} />}</Rows>;
  }
}

function Rows<T>(props: {
  query: { queryKey: readonly unknown[]; queryFn?: unknown };
  children: (rows: T[]) => React.ReactNode;
}) {
  const query = useQuery(props.query as { queryKey: string[]; queryFn: () => Promise<{ rows: T[] }> });
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={6} />}>
      {(report) => props.children(report.rows)}
    </Answer>
  );
}
