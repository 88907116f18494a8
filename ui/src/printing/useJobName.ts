// What a document is called: a ticket by its order, everything else by what it is.
import { useTranslation } from "react-i18next";
import type { PrintJob } from "../api/types";
import { useOrderName } from "../kit/orderName";

export function useJobName(): (job: PrintJob) => { name: string; number: string } {
  const { t } = useTranslation("printing");
  const nameOf = useOrderName();
  return (job) => {
    switch (job.kind) {
      case "ticket":
        return { name: nameOf({ service: job.service ?? "dine_in", table: job.table }), number: job.title };
      // Their titles say all of it: X, Z 12.
      case "x":
      case "z":
        return { name: job.title, number: "" };
      default:
        return { name: t(`kind.${job.kind}`), number: job.title };
    }
  };
}

/** In one string: "Receipt A-0012". */
export function useJobTitle(): (job: PrintJob) => string {
  const nameOf = useJobName();
  return (job) => Object.values(nameOf(job)).join(" ").trim();
}
