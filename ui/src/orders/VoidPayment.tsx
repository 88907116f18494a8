// Takes a payment back while its drawer is open: the same sums the other way, with a reason; the order is due again.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order, Payment } from "../api/types";
import { useMay } from "../app/queries";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { useFormat } from "../kit/format";
import { approvalOf, Approve, isAboutApproval, nobody } from "./Approve";
import { useVoidPayment } from "./cards";

export function VoidPayment(props: { order: Order; payment: Payment; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const may = useMay();
  const [given, setGiven] = useState(nobody);
  const { order, payment } = props;
  const command = useVoidPayment(props.onClose);
  const { error } = command;
  const needsApproval = !may("orders.refund") || isAboutApproval(error);
  const approved = approvalOf(given);
  const sum = payment.amount_minor + payment.rounding_minor + payment.tip_minor;
  return (
    <ConfirmWithReason
      opened
      onClose={props.onClose}
      title={t("voidPayment.title", { amount: money(sum) })}
      text={t(payment.tender === "card" ? "voidPayment.card" : "voidPayment.text", { amount: money(sum) })}
      confirm={t("voidPayment.confirm")}
      reasons={t("voidPayment.reasons", { returnObjects: true })}
      pending={command.isPending}
      error={isAboutApproval(error) ? null : error}
      also={needsApproval ? <Approve given={given} onChange={setGiven} error={error} /> : undefined}
      shut={needsApproval && approved === null}
      onConfirm={(reason) => {
        const approval = approved !== null && needsApproval ? { approval: approved } : {};
        command.mutate({ id: order.id, payment: payment.id, reason, ...approval });
      }}
    />
  );
}
