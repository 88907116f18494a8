// One report as a table: words to the left, figures to the right, the sums below.
import { ScrollArea } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./reports.module.css";

export interface Column<T> {
  label: string;
  cell: (row: T) => ReactNode;
  /** Below the column; left out where a sum would say nothing. */
  total?: (rows: T[]) => ReactNode;
  /** A word, not a figure. */
  word?: boolean;
}

export function ReportTable<T>(props: {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
}) {
  const { t } = useTranslation("reports");
  const { columns, rows } = props;
  if (rows.length === 0) return <p className={styles.quiet}>{t("nothing")}</p>;
  return (
    <ScrollArea.Autosize
      type="auto"
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": props.caption }}
    >
      <table className={`${styles.table} num`}>
        <caption className="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" data-word={column.word === true ? "" : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.rowKey(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.label} scope="row" data-word="">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.label} data-word={column.word === true ? "" : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {rows.length > 1 && (
          <tfoot>
            <tr>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.label} scope="row" data-word="">
                    {t("sum")}
                  </th>
                ) : (
                  <td key={column.label} data-word={column.word === true ? "" : undefined}>
                    {column.total?.(rows)}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </ScrollArea.Autosize>
  );
}
