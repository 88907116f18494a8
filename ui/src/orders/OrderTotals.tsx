// What the order comes to: net, tax by rate, cash rounding and what was paid, at the end of the lines; what is still
// to pay stands by itself.
import { ActionIcon, Button } from "@mantine/core";
import { IconPrinter, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order, Payment } from "../api/types";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { waiting } from "./cards";
import { checkOf } from "./checks";
import { likeliest, onPaper } from "./papers";
import styles from "./pane.module.css";
import { useTakeBackDiscount } from "./steps";
import { VoidPayment } from "./VoidPayment";

export function OrderTotals(props: { order: Order; onPrint: (check_id: string) => void }) {
  const { t } = useTranslation("orders");
  const { money, rate } = useFormat();
  const { order } = props;
  const { totals } = order;
  const may = useMay();
  const takeBack = useTakeBackDiscount();
  const [voiding, setVoiding] = useState<Payment | null>(null);
  const mayTakeBack = order.state === "open" && may("orders.discount");
  const newest = order.discounts.at(-1);
  useKeys(
    mayTakeBack && newest !== undefined
      ? [
          {
            keys: "e",
            label: t("totals.takeBackNewest"),
            group: t("keys.order"),
            run: () => takeBack.mutate({ id: order.id, body: { discount_id: newest.id } }),
          },
        ]
      : [],
  );
  const taxes = totals.taxes.filter((tax) => tax.tax_minor !== 0);
  return (
    <div className={`${styles.details} num`}>
      {totals.comp_minor > 0 && (
        <div>
          <span>{t("totals.comp")}</span>
          <span>{money(totals.comp_minor)}</span>
        </div>
      )}
      {order.discounts.map((discount) => (
        <div key={discount.id}>
          <span>
            {discount.rate_bp == null
              ? t("totals.discount", { reason: discount.reason })
              : t("totals.discountRate", { rate: rate(discount.rate_bp), reason: discount.reason })}
            {mayTakeBack && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={22}
                ml={4}
                aria-label={t("totals.takeBack", { reason: discount.reason })}
                aria-keyshortcuts={discount.id === newest?.id ? "e" : undefined}
                onClick={() => takeBack.mutate({ id: order.id, body: { discount_id: discount.id } })}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </span>
          <span>{discount.amount_minor == null ? "" : money(-discount.amount_minor)}</span>
        </div>
      ))}
      {totals.discount_minor > 0 && (
        <div>
          <span>{t("totals.discounts")}</span>
          <span>{money(-totals.discount_minor)}</span>
        </div>
      )}
      {(totals.service_charge_minor > 0 || order.service_charge_reason != null) && (
        <div>
          <span>
            {order.service_charge_reason == null
              ? t("totals.serviceCharge")
              : t(order.service_charge_bp == null ? "totals.noServiceCharge" : "totals.serviceChargeBack", {
                  reason: order.service_charge_reason,
                })}
          </span>
          <span>{money(totals.service_charge_minor)}</span>
        </div>
      )}
      {taxes.length > 0 && (
        <div>
          <span>{t("totals.net")}</span>
          <span>{money(totals.net_minor)}</span>
        </div>
      )}
      {taxes.map((tax) => (
        <div key={tax.rate_bp}>
          <span>{t(`totals.tax_${order.tax_mode}`, { rate: rate(tax.rate_bp) })}</span>
          <span>{money(tax.tax_minor)}</span>
        </div>
      ))}
      {totals.rounding_minor !== 0 && (
        <div>
          <span>{t("totals.rounding")}</span>
          <span>{money(totals.rounding_minor)}</span>
        </div>
      )}
      {totals.paid_minor > 0 && order.state === "open" && (
        <div>
          <span>{t("totals.total")}</span>
          <span>{money(totals.gross_minor)}</span>
        </div>
      )}
      {order.payments.map((payment) => (
        <div key={payment.id} data-off={payment.state === "voided" ? "" : undefined}>
          <span>
            {payment.voids == null
              ? t(`totals.paid_${payment.tender}`, { name: payment.taken_by_name })
              : t("voidPayment.line")}
            {payment.reference ? ` · ${payment.reference}` : ""}
            {payment.state === "captured" && payment.amount_minor > 0 && may("orders.pay") && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={22}
                ml={4}
                aria-label={t("voidPayment.do", { amount: money(payment.amount_minor) })}
                onClick={() => setVoiding(payment)}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </span>
          <span>{money(payment.amount_minor)}</span>
        </div>
      ))}
      {waiting(order).map((attempt) => (
        <div key={attempt.id}>
          <span>{t("card.waits")}</span>
          <span>{money(attempt.amount_minor)}</span>
        </div>
      ))}
      {order.refunds.map((refund) => (
        <div key={refund.id}>
          <span>
            {t("totals.refunded", { reason: refund.reason, name: refund.given_by_name })}
            <PrintOne
              order={order}
              check_id={checkOf(order, refund.lines[0]?.line_id ?? "")?.id ?? order.id}
              onPrint={props.onPrint}
            />
          </span>
          <span>{money(-refund.amount_minor - refund.rounding_minor)}</span>
        </div>
      ))}
      {order.checks.map((check) => (
        <div key={check.id}>
          <span>
            {check.share_of == null
              ? t("totals.check", { number: check.number })
              : t("totals.share", { number: check.number })}
            <PrintOne order={order} check_id={check.id} onPrint={props.onPrint} />
          </span>
          <span>{check.due_minor > 0 ? money(check.due_minor) : t("totals.checkPaid")}</span>
        </div>
      ))}
      {voiding !== null && <VoidPayment order={order} payment={voiding} onClose={() => setVoiding(null)} />}
    </div>
  );
}

/** The bill or the receipt of one check, beside what it is about. */
function PrintOne(props: { order: Order; check_id: string; onPrint: (check_id: string) => void }) {
  const { t } = useTranslation("printing");
  const check = onPaper(props.order).find((one) => one.check_id === props.check_id);
  if (check === undefined) return null;
  const { number } = check;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      ml={4}
      aria-label={t(check.papers[0] === "bill" ? "order.printBillOf" : "order.printReceiptOf", { number })}
      onClick={() => props.onPrint(check.check_id)}
    >
      <IconPrinter size={15} />
    </ActionIcon>
  );
}

/** The one sum that counts now, and what came on top of it; stays in sight while the rest scrolls. */
export function OrderSum(props: { order: Order; onPrint: () => void }) {
  const { t } = useTranslation("orders");
  const { t: printing } = useTranslation("printing");
  const { money } = useFormat();
  const { order } = props;
  const { totals } = order;
  const paper = likeliest(onPaper(order), null)?.papers[0];
  return (
    <div className={`${styles.totals} num`}>
      <div className={styles.sum}>
        <span>{t(order.state === "open" ? "totals.due" : "totals.total")}</span>
        {paper !== undefined && (
          <Button
            className={styles.paper ?? ""}
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconPrinter size={15} />}
            aria-label={printing(paper === "bill" ? "order.printBill" : "order.printReceipt")}
            aria-keyshortcuts="b"
            onClick={props.onPrint}
          >
            {printing(`order.${paper}`)}
          </Button>
        )}
        <span>{money(order.state === "open" ? totals.due_minor : totals.gross_minor)}</span>
      </div>
      {totals.tips_minor > 0 && (
        <div>
          <span>{t("totals.tips")}</span>
          <span>{money(totals.tips_minor)}</span>
        </div>
      )}
    </div>
  );
}
