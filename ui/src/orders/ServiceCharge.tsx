// The service charge of one order is taken off or put back, with a reason; who may not do it alone brings an approval.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useMay } from "../app/queries";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { useFormat } from "../kit/format";
import { approvalOf, Approve, isAboutApproval, nobody } from "./Approve";
import { useServiceCharge } from "./steps";

export function ServiceCharge(props: {
  order: Order;
  usual_bp: number;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("orders");
  const { money, rate } = useFormat();
  const may = useMay();
  const { order } = props;
  const [given, setGiven] = useState(nobody);
  const command = useServiceCharge(props.onClose);
  const { error } = command;
  const needs = !may("orders.comp") || isAboutApproval(error);
  const approval = approvalOf(given);
  const way = order.service_charge_bp == null ? "putBack" : "takeOff";
  const off = { rate: rate(order.service_charge_bp ?? 0), amount: money(order.totals.service_charge_minor) };
  return (
    <ConfirmWithReason
      opened={props.opened}
      onClose={props.onClose}
      title={t(`charge.${way}`)}
      text={
        way === "takeOff"
          ? t("charge.takeOffText", off)
          : t("charge.putBackText", { rate: rate(props.usual_bp) })
      }
      confirm={t(`charge.${way}`)}
      reasons={t(`charge.${way}Reasons`, { returnObjects: true })}
      tone="accent"
      pending={command.isPending}
      error={isAboutApproval(error) ? null : error}
      also={needs ? <Approve given={given} onChange={setGiven} error={error} /> : undefined}
      shut={needs && approval === null}
      onConfirm={(reason) =>
        command.mutate({
          id: order.id,
          body: {
            ...(way === "takeOff" ? { rate_bp: 0 } : {}),
            reason,
            ...(approval === null ? {} : { approval }),
          },
        })
      }
    />
  );
}
