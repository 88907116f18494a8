// Keys: ["printing", restaurant, "open" | "done" | "paper", …].
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { CheckPaper, Paper, PrintJob, PrintJobs, Printer } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";

/** Besides the live line: what is printed is in no record, so a screen that missed a word of it is not told again. */
const LOOK_AGAIN_MS = 15_000;

const jobsQuery = (rid: string, which: "open" | "done") =>
  queryOptions({
    queryKey: ["printing", rid, which],
    queryFn: () =>
      ask<PrintJobs>(
        api.GET("/api/v1/restaurants/{rid}/print-jobs", { params: { path: { rid }, query: { which } } }),
      ),
    refetchInterval: LOOK_AGAIN_MS,
  });

/** Not on paper yet; those in trouble are the alarm. */
export const openJobsQuery = (rid: string) => jobsQuery(rid, "open");
/** The last ones that are on paper, or that somebody saw to. */
export const doneJobsQuery = (rid: string) => jobsQuery(rid, "done");

/** Those somebody has to see to, or that are being tried again. A test page says so where it was asked for. */
export function inTrouble(jobs: PrintJobs | undefined): PrintJob[] {
  return (jobs?.items ?? []).filter((job) => job.failing_since_ms != null && job.kind !== "test");
}

/** The printers of this computer; undefined until known. */
export function usePrinters(): Printer[] | undefined {
  const may = useMay();
  return useQuery({ ...openJobsQuery(useRestaurantId()), enabled: may("kitchen.read") }).data?.printers;
}

/** What a person may hold in hand: of an order's check, or of the till. */
export type PaperOf =
  | { of: "check"; order_id: string; check_id: string; paper: CheckPaper }
  /** Null: the X. */
  | { of: "till"; z: number | null };

/** Laid out for a printer, else for the one for guests. */
export const paperQuery = (rid: string, paper: PaperOf, printer_id?: string) =>
  queryOptions({
    queryKey: ["printing", rid, "paper", paper, printer_id],
    // Without a format it is rows, never the PDF.
    queryFn: async () =>
      (await ask<Paper | string>(
        paper.of === "check"
          ? api.GET("/api/v1/restaurants/{rid}/orders/{order_id}/paper", {
              params: {
                path: { rid, order_id: paper.order_id },
                query: { paper: paper.paper, check_id: paper.check_id, printer_id },
              },
            })
          : api.GET("/api/v1/restaurants/{rid}/till/paper", {
              params: { path: { rid }, query: { z: paper.z ?? undefined, printer_id } },
            }),
      )) as Paper,
    // What was seen before may have changed since: it is never shown again as it was.
    gcTime: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });

/** Where the same paper is to be had as a PDF. */
export function pdfPath(rid: string, paper: PaperOf): string {
  const at = `/api/v1/restaurants/${rid}`;
  if (paper.of === "check") {
    const query = new URLSearchParams({ paper: paper.paper, check_id: paper.check_id, format: "pdf" });
    return `${at}/orders/${paper.order_id}/paper?${query}`;
  }
  const query = new URLSearchParams({ ...(paper.z === null ? {} : { z: String(paper.z) }), format: "pdf" });
  return `${at}/till/paper?${query}`;
}
