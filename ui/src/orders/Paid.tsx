// What to say to the guest after a payment: the change, large, and what is still open.
import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useFormat } from "../kit/format";
import { PrintNow } from "../printing/PrintNow";
import { pieces } from "./lines";
import styles from "./pay.module.css";

export function Paid(props: { order: Order; onDone: () => void; onMore: () => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const { order } = props;
  const last = order.payments.reduce<Order["payments"][number] | undefined>(
    (newest, payment) =>
      newest === undefined || payment.taken_at_ms >= newest.taken_at_ms ? payment : newest,
    undefined,
  );
  // Cash given back on a card is a payment of its own, the other way.
  const isCashBack = last !== undefined && last.amount_minor < 0;
  const change = isCashBack ? -(last.amount_minor + last.rounding_minor) : (last?.change_minor ?? 0);
  const due = order.totals.due_minor;
  const waiting = pieces(order.lines.filter((line) => line.state !== "served" && line.state !== "voided"));
  return (
    <div className={styles.paid}>
      <div role="status">
        {change > 0 ? (
          <>
            <span className={styles.paidWord}>{t(isCashBack ? "paid.cashBack" : "paid.change")}</span>
            <b className={`${styles.paidSum} num`}>{money(change)}</b>
          </>
        ) : (
          <>
            <span className={styles.paidMark} aria-hidden>
              <IconCheck size={26} stroke={2} />
            </span>
            <b className={`${styles.paidSum} num`}>
              {money((last?.amount_minor ?? 0) + (last?.rounding_minor ?? 0) + (last?.tip_minor ?? 0))}
            </b>
            <span className={styles.paidWord}>{t(last?.tender === "card" ? "paid.card" : "paid.exact")}</span>
          </>
        )}
        <p>
          {due > 0
            ? t("paid.left", { amount: money(due) })
            : waiting > 0
              ? t("paid.waiting", { count: waiting })
              : t("paid.complete", { number: order.number })}
        </p>
      </div>
      <PrintNow order_id={order.id} check_id={last?.check_id ?? order.id} />
      <div className={styles.paidButtons}>
        {due > 0 && (
          <Button size="lg" variant="default" onClick={props.onMore}>
            {t("paid.more")}
          </Button>
        )}
        <Button size="lg" data-autofocus autoFocus onClick={props.onDone}>
          {t("paid.done")}
        </Button>
      </div>
    </div>
  );
}
