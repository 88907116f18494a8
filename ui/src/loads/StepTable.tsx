// A run step by step.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { type Column, Table } from "../kit/Table";
import { ms } from "./model";
import type { Figures, Summary } from "./types";

type Step = Summary["steps"][number];

export function StepTable({ summary }: { summary: Summary }) {
  const { t } = useTranslation("loads");
  const { count, percent } = useFormat();
  const all = Math.max(1, summary.totals.requests);
  const figure = (head: string, of: (f: Figures) => string): Column<Step> => ({
    head,
    isNumber: true,
    cell: of,
    foot: of(summary.totals),
  });
  const took = (head: string, of: (f: Figures) => number) => figure(head, (f) => `${count(ms(of(f)))} ms`);
  const columns: Column<Step>[] = [
    { head: t("report.step"), cell: (step) => step.name, foot: t("report.together") },
    figure(t("report.share"), (f) => percent(f.requests / all)),
    figure(t("report.requests"), (f) => count(f.requests)),
    took("p50", (f) => f.p50_ms),
    took("p95", (f) => f.p95_ms),
    took("p99", (f) => f.p99_ms),
    took("p99.9", (f) => f["p99.9_ms"]),
    figure(t("report.errors"), (f) => count(f.errors)),
  ];
  return (
    <Panel title={t("report.steps")}>
      <Table label={t("report.steps")} rows={summary.steps} keyOf={(step) => step.name} columns={columns} />
    </Panel>
  );
}
