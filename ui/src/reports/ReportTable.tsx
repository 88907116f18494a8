// One report as a table, with the sums below where there is more than one row.
import { useTranslation } from "react-i18next";
import type { ReactNode } from "react";
import { type Column, Table } from "../kit/Table";
import styles from "./reports.module.css";

export interface ReportColumn<T> extends Omit<Column<T>, "foot"> {
  /** Below the column; left out where a sum would say nothing. */
  sum?: (rows: readonly T[]) => ReactNode;
}

export function ReportTable<T>(props: {
  caption: string;
  columns: ReportColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
}) {
  const { t } = useTranslation("reports");
  const { columns, rows } = props;
  if (rows.length === 0) return <p className={styles.quiet}>{t("nothing")}</p>;
  const foot = (column: ReportColumn<T>, at: number) => (at === 0 ? t("sum") : column.sum?.(rows));
  return (
    <Table
      label={props.caption}
      className={styles.table}
      rows={rows}
      keyOf={props.rowKey}
      columns={
        rows.length > 1 ? columns.map((column, at) => ({ ...column, foot: foot(column, at) })) : columns
      }
    />
  );
}
