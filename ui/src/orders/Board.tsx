// The open orders by where they stand: being taken, in the kitchen, to pay. Oldest first: who waits longest is on top.
import { useTranslation } from "react-i18next";
import type { OrderSummary } from "../api/types";
import { useFormat } from "../kit/format";
import { useOrderName } from "../kit/orderName";
import { Pill } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import styles from "./board.module.css";
import { isLate } from "./lines";

const stages = ["taking", "kitchen", "to_pay"] as const;
type Stage = (typeof stages)[number];

const stageOf = (order: OrderSummary): Stage => (order.stage === "done" ? "to_pay" : order.stage);

/** As the eye and the keys walk through it. */
export function inBoardOrder(orders: OrderSummary[]): OrderSummary[] {
  const oldest = [...orders].sort((a, b) => a.opened_at_ms - b.opened_at_ms);
  return stages.flatMap((stage) => oldest.filter((order) => stageOf(order) === stage));
}

export function Board(props: {
  orders: OrderSummary[];
  picked: string | undefined;
  onPick: (id: string) => void;
}) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const now = useNow(10_000);
  const sorted = inBoardOrder(props.orders);
  return (
    <div className={styles.board}>
      {stages.map((stage) => {
        const orders = sorted.filter((order) => stageOf(order) === stage);
        const due = orders.reduce((sum, order) => sum + order.due_minor, 0);
        return (
          <section key={stage} className={styles.col} aria-label={t(`stage.${stage}`)}>
            <h2>
              {t(`stage.${stage}`)} <b>{orders.length}</b>
              {stage === "to_pay" && due > 0 && <span className="num">{money(due)}</span>}
            </h2>
            <ul>
              {orders.map((order) => (
                <li key={order.id}>
                  <Card order={order} now={now} isOn={order.id === props.picked} onPick={props.onPick} />
                </li>
              ))}
              {orders.length === 0 && <li className={styles.none}>{t(`stage.none.${stage}`)}</li>}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Card(props: { order: OrderSummary; now: number; isOn: boolean; onPick: (id: string) => void }) {
  const { t } = useTranslation("orders");
  const { money, span } = useFormat();
  const nameOf = useOrderName();
  const { order, now } = props;
  const late = isLate(order, now);
  // A guest who takes it away is called by name; how it leaves is said beside.
  const who = order.service === "dine_in" ? "" : (order.table ?? "");
  const sent = order.lines_ready + order.lines_fired;
  return (
    <button
      type="button"
      className={styles.card}
      data-order={order.id}
      data-on={props.isOn ? "" : undefined}
      aria-current={props.isOn ? "true" : undefined}
      onClick={() => props.onPick(order.id)}
    >
      <span className={styles.row}>
        <span className={styles.name}>{who === "" ? nameOf(order) : who}</span>
        {late ? (
          <Pill tone="bad">{t("card.late")}</Pill>
        ) : order.flags.length > 0 ? (
          <Pill tone="warn">{t("card.review")}</Pill>
        ) : (order.covers ?? 0) > 0 ? (
          <Pill dot={false}>{t("covers", { count: order.covers ?? 0 })}</Pill>
        ) : who !== "" ? (
          <Pill tone="info">{t(`service.${order.service}`)}</Pill>
        ) : null}
      </span>
      <span className={styles.items}>{order.item_names === "" ? t("card.nothing") : order.item_names}</span>
      {order.stage === "kitchen" && sent > 0 && (
        <Progress
          ratio={order.lines_ready / sent}
          tone={late ? "bad" : "ok"}
          label={
            order.lines_fired === 0
              ? t("card.allReady")
              : t("card.ready", { ready: order.lines_ready, count: sent })
          }
        />
      )}
      {stageOf(order) === "to_pay" && order.paid_minor > 0 && order.total_minor > 0 && (
        <Progress
          ratio={order.paid_minor / order.total_minor}
          tone="info"
          label={t("card.paid", { paid: money(order.paid_minor), total: money(order.total_minor) })}
        />
      )}
      <span className={styles.row}>
        <span className={`${styles.money} num`}>
          {money(stageOf(order) === "to_pay" ? order.due_minor : order.total_minor)}
          {stageOf(order) !== "to_pay" && order.paid_minor > 0 && order.due_minor <= 0 && (
            <Pill tone="ok">{t("card.isPaid")}</Pill>
          )}
        </span>
        <span className={`${styles.lite} num`} data-late={late ? "" : undefined}>
          <span>{order.number} · </span>
          {span(now - order.opened_at_ms)}
        </span>
      </span>
    </button>
  );
}

function Progress(props: { ratio: number; tone: "ok" | "bad" | "info"; label: string }) {
  return (
    <>
      <span className={styles.items}>{props.label}</span>
      <span className={styles.bar} data-tone={props.tone} aria-hidden>
        <i style={{ width: `${Math.round(Math.min(1, props.ratio) * 100)}%` }} />
      </span>
    </>
  );
}
