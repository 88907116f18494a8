// Keys: ["reports", restaurant, report, from, to].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type {
  CategoryRow,
  ChainSales,
  DayRow,
  HourRow,
  ItemRow,
  Report,
  ReportSummary,
  StaffRow,
  TaxRow,
  TenderRow,
  WeekRow,
} from "../api/types";
import type { Range } from "./model";

const at = (rid: string, { from, to }: Range) => ({ params: { path: { rid }, query: { from, to } } });
const key = (rid: string, report: string, { from, to }: Range) => ["reports", rid, report, from, to];

/** Under the restaurant in view, whose sales may change it at any time; the others' are a minute old at most. */
export const chainQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "chain", range),
    queryFn: () => ask<ChainSales>(api.GET("/api/v1/chain/sales", { params: { query: range } })),
    refetchInterval: 60_000,
  });
export const summaryQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "summary", range),
    queryFn: () => ask<ReportSummary>(api.GET("/api/v1/restaurants/{rid}/reports/summary", at(rid, range))),
  });
export const daysQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "days", range),
    queryFn: () => ask<Report<DayRow>>(api.GET("/api/v1/restaurants/{rid}/reports/days", at(rid, range))),
  });
export const hoursQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "hours", range),
    queryFn: () => ask<Report<HourRow>>(api.GET("/api/v1/restaurants/{rid}/reports/hours", at(rid, range))),
  });
export const weekQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "week", range),
    queryFn: () => ask<Report<WeekRow>>(api.GET("/api/v1/restaurants/{rid}/reports/week", at(rid, range))),
  });
export const itemsQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "items", range),
    queryFn: () => ask<Report<ItemRow>>(api.GET("/api/v1/restaurants/{rid}/reports/items", at(rid, range))),
  });
export const categoriesQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "categories", range),
    queryFn: () =>
      ask<Report<CategoryRow>>(api.GET("/api/v1/restaurants/{rid}/reports/categories", at(rid, range))),
  });
export const staffQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "staff", range),
    queryFn: () => ask<Report<StaffRow>>(api.GET("/api/v1/restaurants/{rid}/reports/staff", at(rid, range))),
  });
export const tendersQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "tenders", range),
    queryFn: () =>
      ask<Report<TenderRow>>(api.GET("/api/v1/restaurants/{rid}/reports/tenders", at(rid, range))),
  });
export const taxesQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "taxes", range),
    queryFn: () => ask<Report<TaxRow>>(api.GET("/api/v1/restaurants/{rid}/reports/taxes", at(rid, range))),
  });

export const journalQuery = (rid: string, range: Range) =>
  queryOptions({
    queryKey: key(rid, "journal", range),
    queryFn: () => ask(api.GET("/api/v1/restaurants/{rid}/journal", at(rid, range))),
  });

/** Fetches the accountant's journal as a file. */
export async function fetchJournal(rid: string, range: Range): Promise<void> {
  const params = { params: { path: { rid }, query: range }, parseAs: "blob" as const };
  keep(
    await ask<Blob>(api.GET("/api/v1/restaurants/{rid}/journal.csv", params)),
    `journal-${range.from}-${range.to}.csv`,
  );
}

function keep(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

export const reportNames = [
  "days",
  "hours",
  "week",
  "items",
  "categories",
  "staff",
  "tenders",
  "taxes",
] as const;
export type ReportName = (typeof reportNames)[number];

/** Fetches a report as a file and hands it to the browser to keep. */
export async function fetchFile(
  rid: string,
  report: ReportName,
  format: "csv" | "xlsx" | "pdf",
  { from, to }: Range,
): Promise<void> {
  const file = await ask<Blob>(
    api.GET("/api/v1/restaurants/{rid}/reports/export", {
      params: { path: { rid }, query: { report, format, from, to } },
      parseAs: "blob",
    }),
  );
  keep(file, `${report}-${from}-${to}.${format}`);
}
