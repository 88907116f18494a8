// One table in hand: what it is doing, its orders, and what one does about it.
import { ActionIcon, Button } from "@mantine/core";
import {
  IconArrowLeft,
  IconArrowRight,
  IconArrowsExchange,
  IconBell,
  IconPlus,
  IconReceipt,
  IconX,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FloorTable, TableOrder } from "../api/types";
import { meQuery, useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { Pill } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import { useAnswer, useAssign, useCall } from "./commands";
import styles from "./pane.module.css";
import { isCalling, toneOf, useTableWords } from "./words";

interface Props {
  table: FloorTable;
  onClose: () => void;
  onMove: (order: TableOrder) => void;
}

export function TablePane(props: Props) {
  const { t } = useTranslation("floor");
  const words = useTableWords();
  const may = useMay();
  const navigate = useNavigate();
  const now = useNow(10_000);
  const pane = useRef<HTMLElement>(null);
  const { table } = props;
  const isFree = table.orders.length === 0;
  const start = () => void navigate({ to: "/orders", search: { new: "1", table: table.name } });
  useKeys([
    { keys: "Escape", label: t("pane.close"), group: t("title"), run: props.onClose },
    ...(may("orders.write") ? [{ keys: "n", label: t("pane.open"), group: t("title"), run: start }] : []),
  ]);
  // Where the pane is the whole page, it begins at its top.
  useEffect(() => {
    if (window.matchMedia("(max-width: 1000px)").matches) pane.current?.focus();
  }, []);
  return (
    <aside className={styles.pane} ref={pane} tabIndex={-1} aria-label={words.name(table)}>
      <header className={styles.head}>
        <ActionIcon
          className={styles.back}
          variant="subtle"
          color="gray"
          size={44}
          aria-label={t("pane.close")}
          onClick={props.onClose}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <h2>{words.name(table)}</h2>
        <Pill tone={toneOf[table.state]}>{t(`state.${table.state}`)}</Pill>
        <span className={styles.grow} />
        <ActionIcon
          className={styles.close}
          variant="subtle"
          color="gray"
          size={32}
          aria-label={t("pane.close")}
          onClick={props.onClose}
        >
          <IconX size={18} />
        </ActionIcon>
      </header>
      <p className={`${styles.sub} num`}>
        {t("seats", { count: table.seats })} · {t(`shape.${table.shape}`)}
      </p>
      <div className={styles.scroll}>
        <Waiter table={table} />
        {may("floor.serve") && <Call table={table} />}
        {table.orders.map((order) => (
          <OrderCard key={order.id} order={order} now={now} onMove={() => props.onMove(order)} />
        ))}
        {isFree && <p className={styles.text}>{t("pane.free")}</p>}
      </div>
      {may("orders.write") && (
        <footer className={styles.foot}>
          <Button
            fullWidth
            className={styles.touch}
            variant={isFree ? "filled" : "default"}
            leftSection={<IconPlus size={16} />}
            aria-keyshortcuts="n"
            onClick={start}
          >
            {t(isFree ? "pane.open" : "pane.another")}
          </Button>
        </footer>
      )}
    </aside>
  );
}

function OrderCard(props: { order: TableOrder; now: number; onMove: () => void }) {
  const { t } = useTranslation("floor");
  const { money, span } = useFormat();
  const may = useMay();
  const { order } = props;
  const facts = [
    ...((order.covers ?? 0) > 0 ? [t("guests", { count: order.covers ?? 0 })] : []),
    span(props.now - order.opened_at_ms),
    order.opened_by_name,
  ];
  const lines = [
    ...(order.lines_held > 0 ? [t("pane.held", { count: order.lines_held })] : []),
    ...(order.lines_fired > 0 ? [t("pane.fired", { count: order.lines_fired })] : []),
    ...(order.lines_ready > 0 ? [t("ready", { count: order.lines_ready })] : []),
  ];
  return (
    <section className={styles.order} aria-label={t("pane.order", { number: order.number })}>
      <div className={styles.orderRow}>
        <b className="num">{order.number}</b>
        <Pill tone={toneOf[order.state]}>{t(`state.${order.state}`)}</Pill>
        <span className={styles.grow} />
        <b className="num">{money(order.due_minor)}</b>
      </div>
      <p className={`${styles.text} num`}>{facts.join(" · ")}</p>
      {lines.length > 0 && <p className={`${styles.text} num`}>{lines.join(" · ")}</p>}
      {order.due_minor < order.total_minor && (
        <p className={`${styles.text} num`}>
          {t("pane.paid", {
            paid: money(order.total_minor - order.due_minor),
            total: money(order.total_minor),
          })}
        </p>
      )}
      <div className={styles.buttons}>
        {may("orders.read") && (
          <Button
            component={Link}
            to="/orders"
            search={{ order: order.id } as never}
            className={styles.touch}
            leftSection={<IconReceipt size={16} />}
            rightSection={<IconArrowRight size={15} />}
          >
            {t("pane.show")}
          </Button>
        )}
        {may("orders.write") && (
          <Button
            variant="default"
            className={styles.touch}
            leftSection={<IconArrowsExchange size={16} />}
            onClick={props.onMove}
          >
            {t("move.start")}
          </Button>
        )}
      </div>
    </section>
  );
}

function Waiter({ table }: { table: FloorTable }) {
  const { t } = useTranslation("floor");
  const may = useMay();
  const me = useQuery(meQuery).data?.account_id;
  const assign = useAssign();
  const isMine = table.waiter?.account_id === me;
  const to = (to: "me" | "nobody") => assign.mutate({ table_ids: [table.id], to });
  return (
    <div className={styles.fact}>
      <span>
        <small>{t("waiter.label")}</small>
        {table.waiter?.name ?? t("waiter.nobody")}
      </span>
      {may("floor.serve") && (
        <Button
          variant="default"
          className={styles.touch}
          loading={assign.isPending}
          onClick={() => to(isMine ? "nobody" : "me")}
        >
          {t(isMine ? "waiter.release" : "waiter.take")}
        </Button>
      )}
    </div>
  );
}

function Call({ table }: { table: FloorTable }) {
  const { t } = useTranslation("floor");
  const { span, time } = useFormat();
  const now = useNow(1_000);
  const call = useCall();
  const answer = useAnswer();
  const last = table.call;
  if (last != null && isCalling(table)) {
    return (
      <div className={styles.fact} data-tone="bad">
        <span>
          <small>{t(`call.${last.wants}`)}</small>
          <span className="num">{t("call.since", { age: span(now - last.called_at_ms) })}</span>
        </span>
        <Button
          className={styles.touch}
          loading={answer.isPending}
          onClick={() => answer.mutate({ id: table.id, since_ms: last.called_at_ms })}
        >
          {t("call.answer")}
        </Button>
      </div>
    );
  }
  const ask = (wants: "waiter" | "bill") => call.mutate({ id: table.id, wants });
  return (
    <div className={styles.fact}>
      <span>
        <small>{t("call.label")}</small>
        {last?.answered_at_ms == null ? (
          t("call.none")
        ) : (
          <span className="num">
            {t("call.answered", {
              name: last.answered_by_name ?? "",
              time: time(last.answered_at_ms),
              age: span(last.answered_at_ms - last.called_at_ms),
            })}
          </span>
        )}
      </span>
      <span className={styles.buttons}>
        <Button
          variant="default"
          className={styles.touch}
          leftSection={<IconBell size={16} />}
          loading={call.isPending && call.variables.wants === "waiter"}
          onClick={() => ask("waiter")}
        >
          {t("call.do")}
        </Button>
        {table.orders.length > 0 && (
          <Button
            variant="default"
            className={styles.touch}
            loading={call.isPending && call.variables.wants === "bill"}
            onClick={() => ask("bill")}
          >
            {t("call.doBill")}
          </Button>
        )}
      </span>
    </div>
  );
}
