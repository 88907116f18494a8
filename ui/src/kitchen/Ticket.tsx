// One ticket: a touch on a line marks it done, another calls it back; the flame says it is on the fire; the wide
// button does it for all.
import { ActionIcon, Button } from "@mantine/core";
import { IconCheck, IconFlame } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Kitchen, TicketLine } from "../api/types";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { useOrderName } from "../kit/orderName";
import { type Step, useStep } from "./commands";
import styles from "./kitchen.module.css";
import { timer, urgency } from "./pulse";

export type TicketData = Kitchen["tickets"][number];
/** A ticket that was brought to the guest, kept to call it back. */
export interface Gone extends Pick<TicketData, "order_id" | "number" | "table" | "service"> {
  line_ids: string[];
  at_ms: number;
}

export function Ticket(props: { ticket: TicketData; now_ms: number; onGone: (ticket: Gone) => void }) {
  const { t } = useTranslation("kitchen");
  const { ticket, now_ms } = props;
  const { time } = useFormat();
  const nameOf = useOrderName();
  const may = useMay();
  const step = useStep();
  const mayWrite = may("kitchen.write");
  const toMake = ticket.lines.filter((line) => line.state !== "ready");
  const isReady = toMake.length === 0;
  const waiting = now_ms - ticket.fired_at_ms;

  const bump = () => {
    const to: Step = isReady ? "served" : "ready";
    for (const line of isReady ? ticket.lines : toMake)
      step.mutate({ order_id: ticket.order_id, line_id: line.line_id, to });
    if (isReady) {
      const { order_id, number, table, service } = ticket;
      props.onGone({
        order_id,
        number,
        table,
        service,
        line_ids: ticket.lines.map((line) => line.line_id),
        at_ms: now_ms,
      });
    }
  };
  return (
    <article
      className={styles.ticket}
      data-urgency={isReady ? "ready" : urgency(waiting)}
      aria-label={`${nameOf(ticket)} ${ticket.number}`}
    >
      <header>
        <div>
          <h2>{nameOf(ticket)}</h2>
          <p className="num">
            {t("ticket.fired", { number: ticket.number, time: time(ticket.fired_at_ms) })}
          </p>
        </div>
        <b className={`${styles.timer} num`}>{timer(waiting)}</b>
      </header>
      <ul>
        {ticket.lines.map((line) => (
          <LineRow
            key={line.line_id}
            line={line}
            late_ms={line.fired_at_ms - ticket.fired_at_ms}
            disabled={!mayWrite}
            onStep={(to) => step.mutate({ order_id: ticket.order_id, line_id: line.line_id, to })}
          />
        ))}
      </ul>
      {mayWrite && (
        <Button
          fullWidth
          size="lg"
          className={styles.bump}
          variant={isReady ? "filled" : "default"}
          loading={step.isPending}
          leftSection={<IconCheck size={20} />}
          onClick={bump}
        >
          {isReady ? t("ticket.served") : t("ticket.ready", { count: toMake.length })}
        </Button>
      )}
    </article>
  );
}

/** A line fired this much after the ticket's first came with a later course. */
const LATER_MS = 60_000;

function LineRow(props: {
  line: TicketLine;
  late_ms: number;
  disabled: boolean;
  onStep: (to: Step | "fired") => void;
}) {
  const { t } = useTranslation("kitchen");
  const { quantity, time } = useFormat();
  const { line } = props;
  const isReady = line.state === "ready";
  const isOn = line.state === "preparing";
  const small = [
    ...(line.seat == null ? [] : [t("line.seat", { seat: line.seat })]),
    ...(props.late_ms > LATER_MS ? [t("line.later", { time: time(line.fired_at_ms) })] : []),
  ];
  return (
    <li className={styles.line} data-state={line.state}>
      <button
        type="button"
        className={styles.done}
        disabled={props.disabled}
        aria-pressed={isReady}
        aria-label={t(isReady ? "line.recall" : "line.ready", {
          item: `${quantity(line.quantity_milli)} ${line.name}${line.note ? `, ${line.note}` : ""}`,
        })}
        onClick={() => props.onStep(isReady ? "fired" : "ready")}
      >
        <span className={styles.box} aria-hidden>
          {isReady && <IconCheck size={18} stroke={2.4} />}
        </span>
        <b className="num">{quantity(line.quantity_milli)}</b>{" "}
        <span className={styles.what}>
          <span>{line.name}</span>
          {line.note && <em>{line.note}</em>}
          {small.length > 0 && <small>{small.join(" · ")}</small>}
        </span>
      </button>
      {!isReady && (
        <ActionIcon
          size={48}
          variant={isOn ? "light" : "subtle"}
          color={isOn ? "warn" : "gray"}
          disabled={props.disabled}
          aria-pressed={isOn}
          aria-label={t("line.begin", { item: line.name })}
          onClick={() => props.onStep(isOn ? "fired" : "preparing")}
        >
          <IconFlame size={20} stroke={1.8} />
        </ActionIcon>
      )}
    </li>
  );
}
