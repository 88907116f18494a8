// What a person does with paper: has it printed, sends it elsewhere, or sees to it.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { MenuImage, PrintJob, PrintJobs } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { sending } from "../menu/queries";
import { doneJobsQuery, openJobsQuery, type PaperOf } from "./queries";

/** Puts the answer where the alarm is read from. */
function usePut(): (job: PrintJob) => void {
  const client = useQueryClient();
  const rid = useRestaurantId();
  return (job) => {
    client.setQueryData<PrintJobs>(openJobsQuery(rid).queryKey, (jobs) =>
      jobs === undefined
        ? jobs
        : {
            ...jobs,
            items: jobs.items
              .map((one) => (one.id === job.id ? job : one))
              .filter((one) => one.done_at_ms == null),
          },
    );
    void client.invalidateQueries({ queryKey: doneJobsQuery(rid).queryKey });
  };
}

/** `attempts` makes pressing again after another failure another wish. */
export function useSendJob(onDone?: (job: PrintJob) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "printing.send",
    run: ({ id, printer_id }: { id: string; printer_id: string; attempts: number }, key) =>
      ask<PrintJob>(
        api.POST("/api/v1/restaurants/{rid}/print-jobs/{job_id}/send", {
          params: { path: { rid, job_id: id }, header: { "Idempotency-Key": key } },
          body: { printer_id },
        }),
      ),
    onDone: (job) => {
      put(job);
      onDone?.(job);
    },
    onFailed: useComplain(),
  });
}

export function useSeeToJob() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "printing.byHand",
    run: ({ id }: { id: string; attempts: number }, key) =>
      ask<PrintJob>(
        api.POST("/api/v1/restaurants/{rid}/print-jobs/{job_id}/by-hand", {
          params: { path: { rid, job_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: put,
    onFailed: useComplain(),
  });
}

/** Left out: the printer for guests. */
export type PrintWish = PaperOf & { printer_id?: string };

export function usePrint(onDone?: (job: PrintJob) => void) {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return useCommand({
    name: "printing.print",
    run: (wish: PrintWish, key) => {
      const header = { "Idempotency-Key": key };
      const to = wish.printer_id === undefined ? {} : { printer_id: wish.printer_id };
      return ask<PrintJob>(
        wish.of === "check"
          ? api.POST("/api/v1/restaurants/{rid}/orders/{order_id}/print", {
              params: { path: { rid, order_id: wish.order_id }, header },
              body: { paper: wish.paper, check_id: wish.check_id, ...to },
            })
          : api.POST("/api/v1/restaurants/{rid}/till/print", {
              params: { path: { rid }, header },
              body: { ...(wish.z === null ? {} : { z: wish.z }), ...to },
            }),
      );
    },
    onDone: (job) => {
      void client.invalidateQueries({ queryKey: ["printing", rid] });
      onDone?.(job);
    },
  });
}

export function useTestPrinter() {
  const rid = useRestaurantId();
  const client = useQueryClient();
  return useCommand({
    name: "printing.test",
    run: (printer_id: string, key) =>
      ask<PrintJob>(
        api.POST("/api/v1/restaurants/{rid}/printers/{printer_id}/test", {
          params: { path: { rid, printer_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => void client.invalidateQueries({ queryKey: ["printing", rid] }),
    onFailed: useComplain(),
  });
}

export function useSendLogo(onDone: (image: MenuImage) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "printing.logo",
    run: ({ file }: { file: File }, key) =>
      ask<MenuImage>(
        api.POST("/api/v1/restaurants/{rid}/receipt-logo", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body: file as unknown as number[],
          headers: { "content-type": "application/octet-stream" },
          ...sending.asIs,
        }),
      ),
    onDone,
  });
}
