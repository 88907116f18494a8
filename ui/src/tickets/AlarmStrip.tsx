// Paper that did not come out: which tickets, since when and why, and what to do about each. It goes by itself when
// the printer takes them after all.
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconPrinterOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { PrintTicket, PrintTickets } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useOrderName } from "../kit/orderName";
import { useNow } from "../kit/useNow";
import { useSeeToTicket, useSendTicket } from "./commands";
import { inTrouble, ticketsQuery } from "./queries";
import styles from "./tickets.module.css";

export function AlarmStrip() {
  const { t } = useTranslation("tickets");
  const query = useQuery(ticketsQuery(useRestaurantId()));
  const tickets = inTrouble(query.data);
  return (
    <>
      {/* Said when it begins, not with every try. */}
      <span className="visually-hidden" role="alert">
        {tickets.length > 0 ? t("alarm.title", { count: tickets.length }) : ""}
      </span>
      {tickets.length > 0 && query.data !== undefined && (
        <section className={styles.alarm} aria-label={t("alarm.label")}>
          <h2>
            <IconPrinterOff size={18} aria-hidden />
            {t("alarm.title", { count: tickets.length })}
          </h2>
          <ul>
            {tickets.map((ticket) => (
              <Stuck
                key={ticket.id}
                ticket={ticket}
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

function Stuck(props: { ticket: PrintTicket; printers: PrintTickets["printers"]; asOf_ms: number }) {
  const { t } = useTranslation("tickets");
  const { ticket, printers } = props;
  const { span, quantity } = useFormat();
  const nameOf = useOrderName();
  const engineNow = useNow(1000) - props.asOf_ms;
  const send = useSendTicket();
  const seeTo = useSeeToTicket();
  const printer = printers.find((one) => one.station_id === ticket.printer_id);
  const others = printers.filter((one) => one.station_id !== ticket.printer_id);
  const isBusy = send.isPending || seeTo.isPending || ticket.state === "sending";
  const wish = { id: ticket.id, attempts: ticket.attempts };
  const next =
    ticket.state === "waiting"
      ? t("next.waiting")
      : ticket.state === "sending"
        ? t("next.sending")
        : t(ticket.copy ? "next.copy" : "next.person");
  return (
    <li>
      <div className={styles.what}>
        <b>
          {nameOf(ticket)} · <span className="num">{ticket.number}</span>
        </b>
        <span>{ticket.lines.map((line) => `${quantity(line.quantity_milli)} ${line.name}`).join(", ")}</span>
        <small className="num">
          {t(`trouble.${ticket.trouble ?? "unreachable"}`, {
            printer: printer?.station_name ?? t("noPrinter"),
          })}{" "}
          {t("since", { age: span(engineNow - (ticket.failing_since_ms ?? engineNow)) })} {next}
        </small>
      </div>
      <div className={styles.steps}>
        {printer !== undefined && (
          <Button
            size="md"
            variant="default"
            disabled={isBusy}
            onClick={() => send.mutate({ ...wish, station_id: ticket.printer_id })}
          >
            {t(ticket.copy ? "step.copy" : "step.again")}
          </Button>
        )}
        {others.length === 1 && others[0] !== undefined && (
          <Button
            size="md"
            variant="default"
            disabled={isBusy}
            onClick={() => send.mutate({ ...wish, station_id: others[0]?.station_id ?? "" })}
          >
            {t("step.to", { name: others[0].station_name })}
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
                  key={one.station_id}
                  className={styles.touch}
                  onClick={() => send.mutate({ ...wish, station_id: one.station_id })}
                >
                  {one.station_name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <Button size="md" variant="subtle" color="gray" disabled={isBusy} onClick={() => seeTo.mutate(wish)}>
          {t("step.byHand")}
        </Button>
      </div>
    </li>
  );
}
