import { useTranslation } from "react-i18next";
import type { Printer, PrintJob } from "../api/types";

/** Why something is not on paper, in a sentence that names the printer. */
export function useTrouble(): (job: PrintJob, printers: Printer[]) => string {
  const { t } = useTranslation("printing");
  return (job, printers) => {
    const printer = printers.find((one) => one.id === job.printer_id)?.name;
    return printer === undefined
      ? t("trouble.no_printer")
      : t(`trouble.${job.trouble ?? "unreachable"}`, { printer });
  };
}
