// What became of something that was sent to a printer, as it becomes it.
import { IconAlertTriangle, IconCheck, IconClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { PrintJob } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import styles from "./print.module.css";
import { doneJobsQuery, openJobsQuery } from "./queries";
import { useTrouble } from "./useTrouble";

export function Fate({ of }: { of: PrintJob }) {
  const { t } = useTranslation("printing");
  const { time } = useFormat();
  const trouble = useTrouble();
  const rid = useRestaurantId();
  const open = useQuery(openJobsQuery(rid)).data;
  const done = useQuery(doneJobsQuery(rid)).data;
  // The same paper asked for before stands under the same id, until the lists are told anew.
  const isIt = (job: PrintJob) => job.id === of.id && job.made_at_ms >= of.made_at_ms;
  const job = done?.items.find(isIt) ?? open?.items.find(isIt) ?? of;
  const printers = open?.printers ?? [];
  const printer = printers.find((one) => one.id === job.printer_id)?.name ?? "";
  const tone = job.done_at_ms != null ? "ok" : job.failing_since_ms != null ? "bad" : "wait";
  return (
    <p className={styles.fate} role="status" data-tone={tone}>
      {tone === "ok" ? (
        <>
          <IconCheck size={16} aria-hidden />
          {t(job.state === "printed" ? "fate.printed" : "fate.byHand", {
            printer,
            time: time(job.done_at_ms ?? 0),
          })}
        </>
      ) : tone === "bad" ? (
        <>
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {trouble(job, printers)} {job.state === "waiting" && t("next.waiting")}
            {job.state === "unsure" && t("next.copy")}
          </span>
        </>
      ) : (
        <>
          <IconClock size={16} aria-hidden />
          {t("fate.waiting", { printer })}
        </>
      )}
    </p>
  );
}
