// What came out last, and the same once more.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Printer, PrintJob } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { Table } from "../kit/Table";
import { useSendJob } from "./commands";
import styles from "./printers.module.css";
import { doneJobsQuery } from "./queries";
import { useJobTitle } from "./useJobName";

export function Recent({ printers }: { printers: Printer[] }) {
  const { t } = useTranslation("printing");
  const query = useQuery(doneJobsQuery(useRestaurantId()));
  return (
    <Panel title={t("recent.title")} note={t("recent.note")}>
      <Answer query={query} skeleton={<SkeletonRows rows={3} />} isInner>
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.none}>{t("recent.none")}</p>
          ) : (
            <Jobs jobs={items} printers={printers} />
          )
        }
      </Answer>
    </Panel>
  );
}

function Jobs(props: { jobs: PrintJob[]; printers: Printer[] }) {
  const { t } = useTranslation("printing");
  const { dateTime } = useFormat();
  const titleOf = useJobTitle();
  const { printers } = props;
  const nameOf = (id: string) => printers.find((one) => one.id === id)?.name;
  const again = useSendJob((job) =>
    say(t("print.sent", { what: titleOf(job), printer: nameOf(job.printer_id) ?? "" })),
  );
  /** Where it came out, or where guests' paper does if that printer is gone. */
  const target = (job: PrintJob) =>
    printers.find((one) => one.id === job.printer_id) ?? printers.find((one) => one.guests);
  return (
    <Table
      label={t("recent.title")}
      rows={props.jobs}
      keyOf={(job) => job.id}
      stacks
      columns={[
        { head: t("recent.what"), wraps: true, cell: titleOf },
        { head: t("recent.printer"), cell: (job) => nameOf(job.printer_id) ?? t("recent.gone") },
        { head: t("recent.when"), cell: (job) => dateTime(job.done_at_ms ?? job.made_at_ms) },
        {
          head: t("recent.how"),
          wraps: true,
          cell: (job) =>
            job.state === "by_hand"
              ? t("recent.byHand", { name: job.done_by_name ?? "–" })
              : job.copies > 1
                ? t("recent.copy", { number: job.copies - 1 })
                : t("recent.printed"),
        },
        {
          head: null,
          cell: (job) => {
            const to = target(job);
            if (to === undefined) return null;
            return (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={t("recent.againOf", { what: titleOf(job) })}
                loading={again.isPending && again.variables.id === job.id}
                onClick={() => again.mutate({ id: job.id, printer_id: to.id, attempts: job.attempts })}
              >
                {t("recent.again")}
              </Button>
            );
          },
        },
      ]}
    />
  );
}
