// Everything else that can be done to the order in hand, in one menu, each with its key.
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowMerge,
  IconArrowsSplit2,
  IconArrowsTransferUp,
  IconBan,
  IconCashMinus,
  IconDiscount,
  IconDots,
  IconGift,
  IconPencil,
  IconPrinter,
  IconReceiptOff,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useMay, useRestaurant } from "../app/queries";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { say } from "../kit/notify";
import { CancelOrder } from "./CancelOrder";
import { ChangeOrder } from "./ChangeOrder";
import { Merge, Transfer } from "./MoveOrder";
import { likeliest, onPaper } from "./papers";
import { Reduce } from "./Reduce";
import { ServiceCharge } from "./ServiceCharge";
import { SplitOrder } from "./SplitOrder";
import { useUndo } from "./steps";

type Dialog = "change" | "transfer" | "merge" | "split" | "discount" | "comp" | "charge" | "cancel";

export function OrderActions(props: {
  order: Order;
  onMerged: (order: Order) => void;
  /** Null: there is nothing to give back, or not for this person. */
  onRefund: (() => void) | null;
  onPrint: () => void;
}) {
  const { t } = useTranslation("orders");
  const { t: printing } = useTranslation("printing");
  const { order } = props;
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const undo = useUndo(() => say(t("actions.undone")));
  const close = () => setDialog(null);
  const can = (step: string) => order.allowed.includes(step);
  const writes = order.state === "open" && may("orders.write");
  const charges = useRestaurant()?.service_charges;
  const usual_bp = charges?.[`${order.service}_bp`] ?? 0;
  const paper = likeliest(onPaper(order), null)?.papers[0];
  const runUndo = () => undo.mutate({ id: order.id, body: null });
  const actions = [
    { id: "print", keys: "b", icon: IconPrinter, on: paper !== undefined },
    { id: "change", keys: "o", icon: IconPencil, on: writes },
    { id: "split", keys: "x", icon: IconArrowsSplit2, on: writes && can("split") },
    { id: "transfer", keys: "t", icon: IconArrowsTransferUp, on: writes && can("transfer") },
    { id: "merge", keys: "m", icon: IconArrowMerge, on: writes && can("merge") },
    { id: "discount", keys: "d", icon: IconDiscount, on: can("discounts") && may("orders.discount") },
    { id: "comp", keys: "c", icon: IconGift, on: can("split") && may("orders.discount") },
    { id: "refund", keys: "r", icon: IconCashMinus, on: props.onRefund !== null },
    { id: "undo", keys: "mod+z", icon: IconArrowBackUp, on: writes },
    {
      id: "charge",
      keys: "w",
      icon: IconReceiptOff,
      on: writes && (order.service_charge_bp != null || usual_bp > 0) && may("orders.discount"),
    },
    { id: "cancel", keys: "", icon: IconBan, on: can("cancel") && may("orders.cancel") },
  ].filter((action) => action.on);
  const run = (id: string) => {
    if (id === "undo") runUndo();
    else if (id === "refund") props.onRefund?.();
    else if (id === "print") props.onPrint();
    else setDialog(id as Dialog);
  };
  const label = (id: string) =>
    id === "refund"
      ? t("refund.title")
      : id === "print"
        ? printing(paper === "receipt" ? "order.printReceipt" : "order.printBill")
        : id === "charge"
          ? t(order.service_charge_bp == null ? "charge.putBack" : "charge.takeOff")
          : t(`actions.${id as Exclude<Dialog, "charge"> | "undo"}`);
  useKeys(
    actions
      .filter((action) => action.keys !== "")
      .map(({ id, keys }) => ({ keys, label: label(id), group: t("keys.order"), run: () => run(id) })),
  );
  if (actions.length === 0) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={t("pane.more")}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map(({ id, keys, icon: Icon }) => (
            <Menu.Item
              key={id}
              leftSection={<Icon size={16} />}
              {...(keys === "" ? {} : { rightSection: <KeyCaps keys={keys} /> })}
              {...(id === "cancel" ? { color: "bad" } : {})}
              onClick={() => run(id)}
            >
              {label(id)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Transfer
        key={`transfer-${order.table ?? ""}`}
        order={order}
        opened={dialog === "transfer"}
        onClose={close}
        onMerged={props.onMerged}
      />
      <Merge order={order} opened={dialog === "merge"} onClose={close} onMerged={props.onMerged} />
      <SplitOrder order={order} opened={dialog === "split"} onClose={close} />
      <Reduce
        order={order}
        what={dialog === "discount" || dialog === "comp" ? { kind: dialog, line: null } : null}
        onClose={close}
      />
      <ChangeOrder order={order} opened={dialog === "change"} onClose={close} />
      <ServiceCharge
        key={`charge-${order.service_charge_bp ?? 0}`}
        order={order}
        usual_bp={usual_bp}
        opened={dialog === "charge"}
        onClose={close}
      />
      <CancelOrder order={order} opened={dialog === "cancel"} onClose={close} />
    </>
  );
}
