// What listeners were told in a run, and how late; nothing where nobody listened.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { type Column, Table } from "../kit/Table";
import { ms } from "./model";
import type { Heard, Summary } from "./types";

type Row = Heard & { name: string };

export function HeardTable({ summary }: { summary: Summary }) {
  const { t } = useTranslation("loads");
  const { count } = useFormat();
  const rows: Row[] = summary.steps.flatMap(({ name, heard }) =>
    heard === undefined ? [] : [{ ...heard, name }],
  );
  if (rows.length === 0) return null;
  const delay = (of: string, value: (row: Heard) => number): Column<Row> => ({
    head: t("report.delay", { of }),
    isNumber: true,
    cell: (row) => (row.timed === 0 ? t("report.untimed") : `${count(ms(value(row)))} ms`),
  });
  const columns: Column<Row>[] = [
    { head: t("report.step"), cell: (row) => row.name },
    { head: t("report.events"), isNumber: true, cell: (row) => count(row.events) },
    { head: t("report.perS"), isNumber: true, cell: (row) => count(Math.round(row.per_s * 10) / 10) },
    delay("p50", (row) => row.p50_ms),
    delay("p95", (row) => row.p95_ms),
    delay("p99", (row) => row.p99_ms),
  ];
  return (
    <Panel title={t("report.heard")} note={t("report.heardNote")}>
      <Table label={t("report.heard")} rows={rows} keyOf={(row) => row.name} columns={columns} />
    </Panel>
  );
}
