// The columns of each report. A row's share is shown as a bar behind its figure's line.
import { useTranslation } from "react-i18next";
import type { CategoryRow, DayRow, HourRow, ItemRow, StaffRow, TaxRow, TenderRow } from "../api/types";
import { useFormat } from "../kit/format";
import { type ReportColumn, ReportTable } from "./ReportTable";
import styles from "./reports.module.css";

const sum = <T,>(rows: readonly T[], of: (row: T) => number) => rows.reduce((all, row) => all + of(row), 0);

/** Columns whose sum is of their own kind. */
function useColumns() {
  const { money, count, quantity } = useFormat();
  return {
    money: <T,>(head: string, of: (row: T) => number): ReportColumn<T> => ({
      head,
      isNumber: true,
      cell: (row) => (of(row) === 0 ? <Nothing /> : money(of(row))),
      sum: (rows) => money(sum(rows, of)),
    }),
    count: <T,>(head: string, of: (row: T) => number): ReportColumn<T> => ({
      head,
      isNumber: true,
      cell: (row) => (of(row) === 0 ? <Nothing /> : count(of(row))),
      sum: (rows) => count(sum(rows, of)),
    }),
    quantity: <T,>(head: string, of: (row: T) => number): ReportColumn<T> => ({
      head,
      isNumber: true,
      cell: (row) => quantity(of(row)),
      sum: (rows) => quantity(sum(rows, of)),
    }),
    average: <T extends { orders: number; gross_minor: number; average_minor: number }>(
      head: string,
    ): ReportColumn<T> => ({
      head,
      isNumber: true,
      cell: (row) => (row.orders === 0 ? <Nothing /> : money(row.average_minor)),
      sum: (rows) => {
        const orders = sum(rows, (row) => row.orders);
        return orders === 0 ? "" : money(Math.round(sum(rows, (row) => row.gross_minor) / orders));
      },
    }),
    share: <T extends { share_bp: number }>(head: string): ReportColumn<T> => ({
      head,
      isNumber: true,
      isMinor: true,
      cell: (row) => <Share bp={row.share_bp} />,
    }),
  };
}

/** Nought is no news: it does not shout among the figures. */
function Nothing() {
  const { t } = useTranslation("reports");
  return (
    <span className={styles.nothing}>
      <span aria-hidden>–</span>
      <span className="visually-hidden">{t("none")}</span>
    </span>
  );
}

function Share({ bp }: { bp: number }) {
  const { percent } = useFormat();
  return (
    <span className={styles.share}>
      <i aria-hidden>
        <i style={{ width: `${bp / 100}%` }} />
      </i>
      <b>{percent(bp / 10_000)}</b>
    </span>
  );
}

export function DaysTable({ rows }: { rows: DayRow[] }) {
  const { t } = useTranslation("reports");
  const { day } = useFormat();
  const make = useColumns();
  return (
    <ReportTable<DayRow>
      caption={t("show.days")}
      rows={[...rows].reverse()}
      rowKey={(row) => row.business_date}
      columns={[
        { head: t("col.day"), cell: (row) => day(row.business_date) },
        make.count(t("col.orders"), (row) => row.orders),
        make.count(t("col.covers"), (row) => row.covers),
        make.money(t("col.gross"), (row) => row.gross_minor),
        make.money(t("col.before"), (row) => row.before_minor),
        make.money(t("col.net"), (row) => row.net_minor),
        make.money(t("col.tax"), (row) => row.tax_minor),
        make.average(t("col.average")),
        make.money(t("col.discounts"), (row) => row.discounts_minor),
        make.money(t("col.comps"), (row) => row.comps_minor),
        make.money(t("col.service"), (row) => row.service_charge_minor),
        make.money(t("col.refunds"), (row) => row.refunds_minor),
        make.money(t("col.voids"), (row) => row.voids_minor),
        make.money(t("col.tips"), (row) => row.tips_minor),
      ]}
    />
  );
}

export function HoursTable({ rows }: { rows: HourRow[] }) {
  const { t } = useTranslation("reports");
  const { hour } = useFormat();
  const make = useColumns();
  return (
    <ReportTable<HourRow>
      caption={t("show.hours")}
      rows={rows}
      rowKey={(row) => String(row.hour)}
      columns={[
        { head: t("col.hour"), cell: (row) => `${hour(row.hour)}–${hour(row.hour + 1)}` },
        make.count(t("col.orders"), (row) => row.orders),
        make.count(t("col.covers"), (row) => row.covers),
        make.money(t("col.gross"), (row) => row.gross_minor),
        make.average(t("col.average")),
        make.money(t("col.before"), (row) => row.before_minor),
      ]}
    />
  );
}

export function ItemsTable({ rows }: { rows: ItemRow[] }) {
  const { t } = useTranslation("reports");
  const make = useColumns();
  return (
    <>
      <ReportTable<ItemRow>
        caption={t("show.items")}
        rows={rows}
        rowKey={(row) => `${row.name}|${row.category ?? ""}|${row.gross_minor}|${row.quantity_milli}`}
        columns={[
          { head: t("col.item"), cell: (row) => row.name },
          { head: t("col.category"), isMinor: true, cell: (row) => row.category ?? t("noCategory") },
          make.quantity(t("col.quantity"), (row) => row.quantity_milli),
          make.money(t("col.lines"), (row) => row.gross_minor),
          make.share(t("col.share")),
        ]}
      />
      <p className={styles.quiet}>{t("linesNote")}</p>
    </>
  );
}

export function CategoriesTable({ rows }: { rows: CategoryRow[] }) {
  const { t } = useTranslation("reports");
  const make = useColumns();
  return (
    <>
      <ReportTable<CategoryRow>
        caption={t("show.categories")}
        rows={rows}
        rowKey={(row) => row.category ?? ""}
        columns={[
          { head: t("col.category"), cell: (row) => row.category ?? t("noCategory") },
          make.count(t("col.items"), (row) => row.items),
          make.quantity(t("col.quantity"), (row) => row.quantity_milli),
          make.money(t("col.lines"), (row) => row.gross_minor),
          make.share(t("col.share")),
        ]}
      />
      <p className={styles.quiet}>{t("linesNote")}</p>
    </>
  );
}

export function StaffTable({ rows }: { rows: StaffRow[] }) {
  const { t } = useTranslation("reports");
  const make = useColumns();
  return (
    <ReportTable<StaffRow>
      caption={t("show.staff")}
      rows={rows}
      rowKey={(row) => row.account_id}
      columns={[
        { head: t("col.person"), cell: (row) => row.name },
        make.count(t("col.orders"), (row) => row.orders),
        make.count(t("col.covers"), (row) => row.covers),
        make.money(t("col.gross"), (row) => row.gross_minor),
        make.average(t("col.average")),
        make.money(t("col.discounts"), (row) => row.discounts_minor),
        make.money(t("col.comps"), (row) => row.comps_minor),
        make.money(t("col.voids"), (row) => row.voids_minor),
        make.count(t("col.payments"), (row) => row.payments),
        make.money(t("col.taken"), (row) => row.taken_minor),
        make.money(t("col.tips"), (row) => row.tips_minor),
        make.money(t("col.refunds"), (row) => row.refunds_minor),
      ]}
    />
  );
}

const tenders = ["cash", "card", "voucher"] as const;

export function TendersTable({ rows }: { rows: TenderRow[] }) {
  const { t } = useTranslation("reports");
  const make = useColumns();
  const named = (tender: string) => {
    const known = tenders.find((one) => one === tender);
    return known === undefined ? tender : t(`tender.${known}`);
  };
  return (
    <ReportTable<TenderRow>
      caption={t("show.tenders")}
      rows={rows}
      rowKey={(row) => row.tender}
      columns={[
        { head: t("col.tender"), cell: (row) => named(row.tender) },
        make.count(t("col.payments"), (row) => row.payments),
        make.money(t("col.settled"), (row) => row.settled_minor),
        make.money(t("col.rounding"), (row) => row.rounding_minor),
        make.money(t("col.tips"), (row) => row.tips_minor),
        make.money(t("col.refunds"), (row) => row.refunds_minor),
        make.money(t("col.taken"), (row) => row.taken_minor),
        make.share(t("col.share")),
      ]}
    />
  );
}

export function TaxesTable({ rows }: { rows: TaxRow[] }) {
  const { t } = useTranslation("reports");
  const { rate } = useFormat();
  const make = useColumns();
  return (
    <ReportTable<TaxRow>
      caption={t("show.taxes")}
      rows={rows}
      rowKey={(row) => String(row.rate_bp)}
      columns={[
        { head: t("col.rate"), cell: (row) => rate(row.rate_bp) },
        make.money(t("col.base"), (row) => row.base_minor),
        make.money(t("col.tax"), (row) => row.tax_minor),
        make.money(t("col.backBase"), (row) => row.back_base_minor),
        make.money(t("col.backTax"), (row) => row.back_tax_minor),
      ]}
    />
  );
}
