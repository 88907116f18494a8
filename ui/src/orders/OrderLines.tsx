// The lines: what went to the kitchen together under one heading, held ones last with a mark to pick them. A
// voided line stays, struck through, with its reason.
import { ActionIcon, Button, Checkbox, Menu } from "@mantine/core";
import {
  IconBan,
  IconDiscount,
  IconDiscountOff,
  IconDots,
  IconFlame,
  IconGift,
  IconPlus,
  IconToolsKitchen3,
} from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line, Order } from "../api/types";
import { useMay } from "../app/queries";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { useNow } from "../kit/useNow";
import { approvalOf, Approve, isAboutApproval, nobody } from "./Approve";
import { useFireLines, useServeLines, useVoidLine } from "./commands";
import { CourseMenu } from "./CourseMenu";
import { backOf, groupLines, heldLines, type LineGroup } from "./lines";
import styles from "./pane.module.css";
import { Reduce, type Reducing } from "./Reduce";
import { useTakeBackLineDiscount } from "./steps";

export function OrderLines(props: {
  order: Order;
  picked: string[];
  onPick: (ids: string[]) => void;
  onAdd: () => void;
}) {
  const { t } = useTranslation("orders");
  const { order, picked } = props;
  const may = useMay();
  const [voiding, setVoiding] = useState<Line | null>(null);
  const [reducing, setReducing] = useState<Reducing | null>(null);
  const isOpen = order.state === "open";
  const list = useRef<HTMLDivElement>(null);
  useKeys(
    order.lines.length === 0
      ? []
      : [
          {
            keys: "l",
            label: t("keys.line"),
            group: t("keys.order"),
            run: () => focusNextMenu(list.current),
          },
        ],
  );
  const canPick = isOpen && may("orders.write") && heldLines(order).length > 1;
  if (order.lines.length === 0) {
    return (
      <div className={styles.nothing}>
        <p>{t("lines.none")}</p>
        {isOpen && may("orders.write") && (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={props.onAdd}>
            {t("add.title")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div ref={list}>
      {groupLines(order.lines).map((group) => (
        <section key={group.key}>
          <GroupHead group={group} />
          <ul className={styles.lines}>
            {group.lines.map((line) => (
              <LineRow
                key={line.id}
                order={order}
                line={line}
                allServed={group.kind === "served"}
                picked={canPick && line.state === "held" ? picked.includes(line.id) : null}
                onPick={(on) =>
                  props.onPick(on ? [...picked, line.id] : picked.filter((other) => other !== line.id))
                }
                onVoid={isOpen ? () => setVoiding(line) : null}
                onReduce={isOpen ? (kind) => setReducing({ kind, line }) : null}
              />
            ))}
          </ul>
        </section>
      ))}
      <Reduce order={order} what={reducing} onClose={() => setReducing(null)} />
      <VoidLine key={voiding?.id ?? ""} order={order} line={voiding} onClose={() => setVoiding(null)} />
    </div>
  );
}

/** The menu of the line after the one in hand; after the last comes the first. */
function focusNextMenu(list: HTMLElement | null): void {
  const menus = [...(list?.querySelectorAll<HTMLElement>("[data-line-menu]") ?? [])];
  const at = menus.indexOf(document.activeElement as HTMLElement);
  menus[(at + 1) % menus.length]?.focus();
}

function GroupHead(props: { group: LineGroup }) {
  const { t } = useTranslation("orders");
  const { time, span } = useFormat();
  const now = useNow(15_000);
  const { kind, fired_at_ms, ready, count } = props.group;
  const at = fired_at_ms ?? 0;
  const text =
    kind === "fired"
      ? ready === 0
        ? t("lines.fired", { time: time(at), age: span(now - at) })
        : t("lines.firedReady", { time: time(at), ready, count })
      : kind === "served" && fired_at_ms !== null
        ? t("lines.served", { time: time(at) })
        : t(kind === "voided" ? "lines.voided" : "lines.held");
  return <h3 className={`${styles.course} num`}>{text}</h3>;
}

function LineRow(props: {
  order: Order;
  line: Line;
  /** The heading says it already. */
  allServed: boolean;
  picked: boolean | null;
  onPick: (on: boolean) => void;
  onVoid: (() => void) | null;
  onReduce: ((kind: Reducing["kind"]) => void) | null;
}) {
  const { t } = useTranslation("orders");
  const { order, line } = props;
  const { money, quantity } = useFormat();
  const may = useMay();
  const fire = useFireLines();
  const serve = useServeLines();
  const isVoid = line.state === "voided";
  const takeBack = useTakeBackLineDiscount();
  const small = [
    ...(line.modifiers ?? []).map((one) => (one.count > 1 ? `${one.count} × ${one.name}` : one.name)),
    ...(line.course == null ? [] : [t("lines.course", { course: line.course })]),
    ...(line.note ? [line.note] : []),
    ...(line.seat == null ? [] : [t("lines.seat", { seat: line.seat })]),
    ...(line.state === "preparing" || line.state === "ready" || (line.state === "served" && !props.allServed)
      ? [t(`lineState.${line.state}`)]
      : []),
    ...(line.discount_minor == null
      ? []
      : [t("lines.discount", { amount: money(line.discount_minor), reason: line.discount_reason ?? "" })]),
    ...(line.comp_minor == null
      ? []
      : [t("lines.comp", { amount: money(line.comp_minor), reason: line.comp_reason ?? "" })]),
    ...backOf(order, line).map((back) =>
      t("lines.back", { quantity: quantity(back.quantity_milli), amount: money(back.minor) }),
    ),
    ...(isVoid ? [t("lines.voidedBecause", { reason: line.void_reason ?? "" })] : []),
  ];
  const step = { id: order.id, line_ids: [line.id] };
  const canFire = line.state === "held" && may("orders.write");
  const canServe = ["fired", "preparing", "ready"].includes(line.state) && may("orders.write");
  const canVoid = props.onVoid !== null && !isVoid && line.state !== "served" && may("orders.void");
  const canReduce = props.onReduce !== null && !isVoid && line.comp_minor == null && may("orders.discount");
  const hasMenu = order.state === "open" && (canFire || canServe || canVoid || canReduce);
  return (
    <li className={styles.line} data-void={isVoid ? "" : undefined} data-state={line.state}>
      {props.picked === null ? (
        <span className="num">{quantity(line.quantity_milli)}</span>
      ) : (
        <Checkbox
          size="xs"
          aria-label={t("lines.pick", { name: line.name })}
          checked={props.picked}
          onChange={(event) => props.onPick(event.currentTarget.checked)}
          className={styles.pickBox}
        />
      )}
      <span className={styles.lineName}>
        {props.picked !== null && line.quantity_milli !== 1000 && (
          <b className="num">{quantity(line.quantity_milli)} × </b>
        )}
        <span>{line.name}</span>
        {small.length > 0 && <small>{small.join(" · ")}</small>}
      </span>
      <span className={`${styles.linePrice} num`}>{money(line.total_minor)}</span>
      {hasMenu ? (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={28}
              className={styles.lineMenu}
              data-line-menu
              aria-label={t("lines.more", { name: line.name })}
            >
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {canFire && (
              <Menu.Item leftSection={<IconFlame size={16} />} onClick={() => fire.mutate(step)}>
                {t("steps.fireOne")}
              </Menu.Item>
            )}
            {canFire && <CourseMenu order={order} line={line} />}
            {canServe && (
              <Menu.Item leftSection={<IconToolsKitchen3 size={16} />} onClick={() => serve.mutate(step)}>
                {t("steps.serveOne")}
              </Menu.Item>
            )}
            {canReduce && line.discount_minor == null && (
              <Menu.Item
                leftSection={<IconDiscount size={16} />}
                onClick={() => props.onReduce?.("discount")}
              >
                {t("actions.discount")}
              </Menu.Item>
            )}
            {canReduce && line.discount_minor != null && (
              <Menu.Item
                leftSection={<IconDiscountOff size={16} />}
                onClick={() => takeBack.mutate({ id: order.id, body: { line_id: line.id } })}
              >
                {t("actions.takeBack")}
              </Menu.Item>
            )}
            {canReduce && (
              <Menu.Item leftSection={<IconGift size={16} />} onClick={() => props.onReduce?.("comp")}>
                {t("actions.comp")}
              </Menu.Item>
            )}
            {canVoid && (
              <Menu.Item color="bad" leftSection={<IconBan size={16} />} onClick={() => props.onVoid?.()}>
                {t("void.menu")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      ) : (
        <span />
      )}
    </li>
  );
}

function VoidLine(props: { order: Order; line: Line | null; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const may = useMay();
  const [given, setGiven] = useState(nobody);
  const command = useVoidLine(props.onClose);
  const { line, order } = props;
  const { error } = command;
  // After fire it is waste, which not everybody may decide alone.
  const isWaste = line !== null && line.fired_at_ms != null;
  const needsApproval = (isWaste && !may("orders.void_fired")) || isAboutApproval(error);
  const approved = approvalOf(given);
  return (
    <ConfirmWithReason
      opened={line !== null}
      onClose={props.onClose}
      title={t("void.title", { name: line?.name ?? "" })}
      text={t(isWaste ? "void.waste" : "void.text", { amount: money(line?.total_minor ?? 0) })}
      confirm={t("void.confirm")}
      reasons={t("void.reasons", { returnObjects: true })}
      pending={command.isPending}
      error={isAboutApproval(error) ? null : error}
      also={needsApproval ? <Approve given={given} onChange={setGiven} error={error} /> : undefined}
      shut={needsApproval && approved === null}
      onConfirm={(reason) => {
        if (line === null) return;
        const approval = approved !== null && needsApproval ? { approval: approved } : {};
        command.mutate({ id: order.id, line_id: line.id, reason, ...approval });
      }}
    />
  );
}
