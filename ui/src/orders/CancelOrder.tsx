// Cancels an order on which nothing was paid; the reason stays in the record.
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { useFormat } from "../kit/format";
import { useCancelOrder } from "./commands";

export function CancelOrder(props: { order: Order; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const command = useCancelOrder(props.onClose);
  const { order } = props;
  return (
    <ConfirmWithReason
      opened={props.opened}
      onClose={props.onClose}
      title={t("cancel.of", { number: order.number })}
      text={t("cancel.text", { amount: money(order.total_minor) })}
      confirm={t("cancel.title")}
      reasons={t("cancel.reasons", { returnObjects: true })}
      pending={command.isPending}
      error={command.error}
      onConfirm={(reason) => command.mutate({ id: order.id, reason })}
    />
  );
}
