// One order in hand: what is on it, what it comes to, and the next step. On a small screen it is the whole page.
import { ActionIcon, Button } from "@mantine/core";
import { IconArrowLeft, IconHistory, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/errors";
import type { Order } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { useOrderName } from "../kit/orderName";
import { Pill } from "../kit/Pill";
import { ErrorState } from "../kit/States";
import { useNow } from "../kit/useNow";
import { Invoices } from "./Invoices";
import { isLate, pieces } from "./lines";
import { OrderActions } from "./OrderActions";
import { OrderHistory } from "./OrderHistory";
import { OrderLines } from "./OrderLines";
import { OrderSteps } from "./OrderSteps";
import { OrderSum, OrderTotals } from "./OrderTotals";
import styles from "./pane.module.css";
import { PaneSkeleton } from "./PaneSkeleton";
import { PrintOrder } from "./PrintOrder";
import { RefundDialog } from "./RefundDialog";
import { orderQuery } from "./queries";
import { useScreen } from "./screen";
import { TakeOrder } from "./TakeOrder";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function OrderPane(props: { id: string }) {
  const { t } = useTranslation("orders");
  const rid = useRestaurantId();
  const screen = useScreen();
  // A link that was cut or mistyped names no order at all.
  const isId = ID.test(props.id);
  const query = useQuery({ ...orderQuery(rid, props.id), enabled: isId });
  const pane = useRef<HTMLElement>(null);
  const close = () => {
    // Back to where one was: the card that was pressed.
    document.querySelector<HTMLElement>(`[data-order="${CSS.escape(props.id)}"]`)?.focus();
    screen.set({ order: undefined, tab: undefined });
  };
  useKeys([
    { keys: "Escape", label: t("keys.close"), group: t("keys.order"), run: close },
    {
      keys: "h",
      label: t("history.title"),
      group: t("keys.order"),
      run: () => screen.set({ tab: screen.isHistory ? undefined : "history" }, { replace: true }),
    },
  ]);
  // Where the pane is the whole page, it begins at its top.
  useEffect(() => {
    if (window.matchMedia("(max-width: 1000px)").matches) pane.current?.focus({ preventScroll: false });
  }, []);
  return (
    <aside className={styles.pane} ref={pane} tabIndex={-1} aria-label={t("pane.label")}>
      {!isId && <ErrorState error={new ApiError(404, "not_found", "")} />}
      {isId && (
        <Answer query={query} skeleton={<PaneSkeleton onClose={close} />}>
          {(order) => <Shown order={order} onClose={close} />}
        </Answer>
      )}
      {query.data === undefined && (query.error !== null || !isId) && (
        <Button variant="default" m="lg" onClick={close}>
          {t("pane.close")}
        </Button>
      )}
    </aside>
  );
}

function Shown(props: { order: Order; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { order, onClose } = props;
  const screen = useScreen();
  const may = useMay();
  const nameOf = useOrderName();
  const { time, span } = useFormat();
  const now = useNow(10_000);
  const [picked, setPicked] = useState<string[]>([]);
  const [isAdding, setAdding] = useState(false);
  const [isRefunding, setRefunding] = useState(false);
  /** Of which check; its id null: the likeliest. */
  const [printing, setPrinting] = useState<{ check_id: string | null } | null>(null);
  const isOpen = order.state === "open";
  const mayAdd = isOpen && may("orders.write");
  const mayRefund = (order.payments.length > 0 || order.state === "completed") && may("orders.refund");
  useKeys(
    mayAdd ? [{ keys: "a", label: t("add.title"), group: t("keys.order"), run: () => setAdding(true) }] : [],
  );
  return (
    <>
      <header className={styles.head}>
        <div className={styles.headRow}>
          <ActionIcon
            className={styles.backButton}
            variant="subtle"
            color="gray"
            size={44}
            aria-label={t("pane.close")}
            onClick={onClose}
          >
            <IconArrowLeft size={20} />
          </ActionIcon>
          <h2>{nameOf(order)}</h2>
          {(order.covers ?? 0) > 0 && <Pill dot={false}>{t("covers", { count: order.covers ?? 0 })}</Pill>}
          <StatePill order={order} now={now} />
          <span className={styles.grow} />
          <OrderActions
            order={order}
            onMerged={(into) => screen.set({ order: into.id, tab: undefined })}
            onRefund={mayRefund ? () => setRefunding(true) : null}
            onPrint={() => setPrinting({ check_id: null })}
          />
          <ActionIcon
            className={styles.closeButton}
            variant="subtle"
            color="gray"
            size={32}
            aria-label={t("pane.close")}
            onClick={onClose}
          >
            <IconX size={18} />
          </ActionIcon>
        </div>
        <p className={`${styles.sub} num`}>
          {t("pane.opened", {
            number: order.number,
            time: time(order.opened_at_ms),
            name: order.opened_by_name,
            age: span((order.closed_at_ms ?? now) - order.opened_at_ms),
          })}
        </p>
        {order.note != null && order.note !== "" && <p className={styles.note}>{order.note}</p>}
        {order.merged_into != null && (
          <p className={styles.note}>
            {t("pane.mergedText")}{" "}
            <Link to="/orders" search={{ order: order.merged_into }}>
              {t("pane.mergedInto")}
            </Link>
          </p>
        )}
        {order.state === "cancelled" && order.merged_into == null && order.cancel_reason && (
          <p className={styles.note}>{t("cancel.because", { reason: order.cancel_reason })}</p>
        )}
        {order.flags.includes("overpaid") && <p className={styles.flag}>{t("pane.overpaid")}</p>}
        <div className={styles.tabs}>
          <div role="tablist" aria-label={t("pane.label")}>
            <Tab
              id="order"
              on={!screen.isHistory}
              onPick={() => screen.set({ tab: undefined }, { replace: true })}
            >
              {t("pane.lines", { count: pieces(order.lines.filter((line) => line.state !== "voided")) })}
            </Tab>
            <Tab
              id="history"
              on={screen.isHistory}
              onPick={() => screen.set({ tab: "history" }, { replace: true })}
            >
              <IconHistory size={15} stroke={1.7} aria-hidden /> {t("history.title")}
            </Tab>
          </div>
          <span className={styles.grow} />
          {mayAdd && (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={15} />}
              onClick={() => setAdding(true)}
              aria-keyshortcuts="a"
            >
              {t("add.title")}
            </Button>
          )}
        </div>
      </header>
      <div
        className={styles.scroll}
        role="tabpanel"
        id="order-panel"
        aria-labelledby={`tab-${screen.isHistory ? "history" : "order"}`}
        tabIndex={0}
      >
        {screen.isHistory ? (
          <OrderHistory order={order} />
        ) : (
          <>
            <OrderLines order={order} picked={picked} onPick={setPicked} onAdd={() => setAdding(true)} />
            <OrderTotals order={order} onPrint={(check_id) => setPrinting({ check_id })} />
            {order.state === "completed" && order.payments.length > 0 && <Invoices order={order} />}
          </>
        )}
      </div>
      {!screen.isHistory && <OrderSum order={order} onPrint={() => setPrinting({ check_id: null })} />}
      {/* Stays after the last payment too: the dialog that says what goes back is in it. */}
      {order.state !== "cancelled" && (
        <OrderSteps order={order} picked={picked} onDone={() => setPicked([])} />
      )}
      {mayAdd && (
        <TakeOrder
          order={order}
          opened={isAdding}
          onClose={() => setAdding(false)}
          onDone={() => setAdding(false)}
        />
      )}
      {printing !== null && (
        <PrintOrder order={order} check_id={printing.check_id} onClose={() => setPrinting(null)} />
      )}
      {isRefunding && <RefundDialog order={order} opened onClose={() => setRefunding(false)} />}
    </>
  );
}

function Tab(props: { id: string; on: boolean; onPick: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${props.id}`}
      aria-selected={props.on}
      aria-controls="order-panel"
      className={styles.tab}
      onClick={props.onPick}
    >
      {props.children}
    </button>
  );
}

function StatePill(props: { order: Order; now: number }) {
  const { t } = useTranslation("orders");
  const { order, now } = props;
  if (order.state === "completed") return <Pill tone="ok">{t("state.completed")}</Pill>;
  if (order.state === "cancelled")
    return <Pill tone="mute">{t(order.merged_into == null ? "state.cancelled" : "state.merged")}</Pill>;
  if (isLate(order, now)) return <Pill tone="bad">{t("card.late")}</Pill>;
  if (order.stage === "kitchen" && order.lines_ready > 0)
    return <Pill tone="ok">{t("pane.ready", { count: order.lines_ready })}</Pill>;
  if (order.stage === "kitchen") return <Pill tone="warn">{t("stage.kitchen")}</Pill>;
  if (order.stage === "to_pay") return <Pill tone="info">{t("stage.to_pay")}</Pill>;
  return null;
}
