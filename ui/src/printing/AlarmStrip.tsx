// Paper that did not come out: what, since when and why, and what to do about each. It goes by itself when the printer
// takes them after all.
import { Button, Menu } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronDown, IconPrinterOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Printer, PrintJob } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useNow } from "../kit/useNow";
import styles from "./alarm.module.css";
import { useSeeToJob, useSendJob } from "./commands";
import { inTrouble, openJobsQuery } from "./queries";
import { useJobName, useJobTitle } from "./useJobName";
import { useTrouble } from "./useTrouble";

/** Wider than this, the strip leaves room for the page below it. */
const SMALL = "(max-width: 640px)";

export function AlarmStrip() {
  const { t } = useTranslation("printing");
  const isSmall = useMediaQuery(SMALL) ?? false;
  const [isOpen, setOpen] = useState(false);
  const titleOf = useJobTitle();
  const list = useId();
  const may = useMay();
  const query = useQuery({ ...openJobsQuery(useRestaurantId()), enabled: may("kitchen.read") });
  const jobs = inTrouble(query.data);
  const title = t(jobs.every((job) => job.kind === "ticket") ? "alarm.tickets" : "alarm.papers", {
    count: jobs.length,
  });
  return (
    <>
      {/* Said when it begins, not with every try. */}
      <span className="visually-hidden" role="alert">
        {jobs.length > 0 ? title : ""}
      </span>
      {jobs.length > 0 && query.data !== undefined && (
        <section className={styles.alarm} aria-label={t("alarm.label")}>
          <h2>
            <IconPrinterOff size={18} aria-hidden />
            {isSmall ? (
              <button
                type="button"
                className={styles.line}
                aria-expanded={isOpen}
                aria-controls={list}
                onClick={() => setOpen(!isOpen)}
              >
                <span className="num">{jobs[0] !== undefined && titleOf(jobs[0])}</span>
                {jobs.length > 1 && <small>{t("alarm.more", { count: jobs.length - 1 })}</small>}
                <b>{t(isOpen ? "alarm.hide" : "alarm.show")}</b>
                <IconChevronDown size={16} aria-hidden />
              </button>
            ) : (
              title
            )}
          </h2>
          <ul id={list} hidden={isSmall && !isOpen}>
            {jobs.map((job) => (
              <Stuck
                key={job.id}
                job={job}
                printers={query.data.printers}
                asOf_ms={query.dataUpdatedAt - query.data.now_ms}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Stuck(props: { job: PrintJob; printers: Printer[]; asOf_ms: number }) {
  const { t } = useTranslation("printing");
  const { job, printers } = props;
  const { span, quantity } = useFormat();
  const { name, number } = useJobName()(job);
  const trouble = useTrouble();
  const engineNow = useNow(1000) - props.asOf_ms;
  const send = useSendJob();
  const seeTo = useSeeToJob();
  const isHere = printers.some((one) => one.id === job.printer_id);
  const others = printers.filter((one) => one.id !== job.printer_id);
  const isBusy = send.isPending || seeTo.isPending || job.state === "sending";
  const wish = { id: job.id, attempts: job.attempts };
  // What was printed before is a copy anyway; that says nothing about this time.
  const isCopy = job.copies > 0 && (job.kind === "ticket" || job.state === "unsure");
  const next =
    job.state === "waiting"
      ? t("next.waiting")
      : job.state === "sending"
        ? t("next.sending")
        : t(isCopy ? "next.copy" : "next.person");
  return (
    <li>
      <div className={styles.what}>
        <b>
          {name}
          {number !== "" && (
            <>
              {" "}
              · <span className="num">{number}</span>
            </>
          )}
        </b>
        <span>{job.lines.map((line) => `${quantity(line.quantity_milli)} ${line.name}`).join(", ")}</span>
        <small className="num">
          {trouble(job, printers)}{" "}
          {t("since", { age: span(engineNow - (job.failing_since_ms ?? engineNow)) })} {next}
        </small>
      </div>
      <div className={styles.steps}>
        {isHere && (
          <Button
            size="md"
            variant="default"
            disabled={isBusy}
            onClick={() => send.mutate({ ...wish, printer_id: job.printer_id })}
          >
            {t(isCopy ? "step.copy" : "step.again")}
          </Button>
        )}
        {others.length === 1 && others[0] !== undefined && (
          <Button
            size="md"
            variant="default"
            disabled={isBusy}
            onClick={() => send.mutate({ ...wish, printer_id: others[0]?.id ?? "" })}
          >
            {t("step.to", { name: others[0].name })}
          </Button>
        )}
        {others.length > 1 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                size="md"
                variant="default"
                disabled={isBusy}
                rightSection={<IconChevronDown size={16} />}
              >
                {t("step.elsewhere")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {others.map((one) => (
                <Menu.Item
                  key={one.id}
                  className={styles.touch}
                  onClick={() => send.mutate({ ...wish, printer_id: one.id })}
                >
                  {one.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <Button size="md" variant="subtle" color="gray" disabled={isBusy} onClick={() => seeTo.mutate(wish)}>
          {t(job.kind === "ticket" ? "step.byHand" : "step.forget")}
        </Button>
      </div>
    </li>
  );
}
