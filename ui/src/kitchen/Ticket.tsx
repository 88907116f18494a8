// One ticket: a touch on a line marks it done, another calls it back; the flame says it is on the fire; the wide
// button does it for all.
import { ActionIcon, Button } from "@mantine/core";
import { IconCheck, IconFlame } from "@tabler/icons-react";
import { createContext, memo, type ReactNode, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Kitchen, TicketLine } from "../api/types";
import { useMay, useRestaurant } from "../app/queries";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useOrderName } from "../kit/orderName";
import { type Step, useStep, useTicketStep } from "./commands";
import styles from "./kitchen.module.css";
import { timer, urgency } from "./pulse";

export type TicketData = Kitchen["tickets"][number];

/** What the wide button and the ticket's key do: what is to make is ready; when all is, it was brought. */
export function nextStep(ticket: TicketData): { to: Step; line_ids: string[] } {
  const toMake = ticket.lines.filter((line) => line.state !== "ready");
  const lines = toMake.length === 0 ? ticket.lines : toMake;
  return { to: toMake.length === 0 ? "served" : "ready", line_ids: lines.map((line) => line.line_id) };
}

/** The engine's clock on this screen, once a second. Apart from the tickets, so that they are drawn when they change. */
export const EngineNow = createContext(0);

export const Ticket = memo(function Ticket(props: { ticket: TicketData; keyed: string | undefined }) {
  const { t } = useTranslation("kitchen");
  const { ticket } = props;
  const may = useMay();
  const step = useStep();
  const bump = useTicketStep();
  const mayWrite = may("kitchen.write");
  const next = nextStep(ticket);
  const isReady = next.to === "served";
  return (
    <Waiting ticket={ticket} isReady={isReady}>
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
        <div className={styles.foot}>
          <Button
            fullWidth
            size="lg"
            className={styles.bump}
            variant={isReady ? "filled" : "default"}
            loading={bump.isPending}
            leftSection={<IconCheck size={20} />}
            aria-keyshortcuts={props.keyed}
            onClick={() => bump.mutate({ order_id: ticket.order_id, ...next })}
          >
            {isReady ? t("ticket.served") : t("ticket.ready", { count: next.line_ids.length })}
          </Button>
          {props.keyed !== undefined && <KeyCaps keys={props.keyed} onAccent={isReady} />}
        </div>
      )}
    </Waiting>
  );
});

/** The ticket's head, and what colour it has by now. */
function Waiting(props: { ticket: TicketData; isReady: boolean; children: ReactNode }) {
  const { t } = useTranslation("kitchen");
  const { ticket, isReady } = props;
  const { time } = useFormat();
  const nameOf = useOrderName();
  const times = useRestaurant()?.kitchen_times ?? { amber_minutes: 10, red_minutes: 15 };
  const waiting = useContext(EngineNow) - ticket.fired_at_ms;
  return (
    <article
      className={styles.ticket}
      data-urgency={isReady ? "ready" : urgency(waiting, times)}
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
      {props.children}
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
    ...(line.course == null ? [] : [t("line.course", { course: line.course })]),
    ...(line.seat == null ? [] : [t("line.seat", { seat: line.seat })]),
    ...(props.late_ms > LATER_MS ? [t("line.later", { time: time(line.fired_at_ms) })] : []),
  ];
  const choices = line.modifiers.map(
    (modifier) => `+ ${modifier.count > 1 ? `${modifier.count} ${modifier.name}` : modifier.name}`,
  );
  // The name of the button is what is on it, word for word.
  const said = [
    `${quantity(line.quantity_milli)} ${line.name}`,
    ...choices,
    ...(line.note ? [line.note] : []),
    ...(small.length > 0 ? [small.join(" · ")] : []),
  ].join(" ");
  return (
    <li className={styles.line} data-state={line.state}>
      <button
        type="button"
        className={styles.done}
        disabled={props.disabled}
        aria-pressed={isReady}
        aria-label={t(isReady ? "line.recall" : "line.ready", { item: said })}
        onClick={() => props.onStep(isReady ? "fired" : "ready")}
      >
        <span className={styles.box} aria-hidden>
          {isReady && <IconCheck size={18} stroke={2.4} />}
        </span>
        <b className="num">{quantity(line.quantity_milli)}</b>{" "}
        <span className={styles.what}>
          <span>{line.name}</span>
          {choices.map((choice, index) => (
            <i key={index}>{choice}</i>
          ))}
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
