// Takes an order, or more for one that is open: the menu on one side, what was taken on the other. Nothing is lost
// by closing it: the engine keeps the draft.
import { Button, Modal, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../api/live";
import type { Menu, Order } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useOrderName } from "../kit/orderName";
import { keepTyped, takeTyped } from "../kit/typed-ahead";
import { nameKey } from "../floor/model";
import { useTableNamed } from "../floor/queries";
import { menuQuery } from "../menu/queries";
import { useFireLines } from "./commands";
import { countOf, type Draft, fromSaved, totalOf, isUnread } from "./draft";
import { isBlank, useDraft, useSubmitDraft } from "./drafts";
import { early } from "./early";
import { NewOrderHead } from "./NewOrderHead";
import { PickerSkeleton } from "./Picker";
import styles from "./picker.module.css";
import { draftsQuery, orderQuery } from "./queries";
import { TakeItems } from "./TakeItems";

interface Props {
  /** More items for this one; null: a new order. */
  order: Order | null;
  /** The new order is for this table. */
  table?: string | undefined;
  opened: boolean;
  onClose: () => void;
  onDone: (order: Order) => void;
}

export function TakeOrder(props: Props) {
  const { t } = useTranslation("orders");
  const nameOf = useOrderName();
  const isSmall = useMediaQuery("(max-width: 760px)");
  const { order } = props;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      // The picker and the notes have an Escape of their own; only what they leave closes the dialog.
      closeOnEscape={false}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) props.onClose();
      }}
      title={order === null ? t("new.title") : t("add.for", { name: nameOf(order), number: order.number })}
      size={920}
      fullScreen={isSmall ?? false}
      classNames={{
        content: styles.modal ?? "",
        header: styles.modalHead ?? "",
        body: styles.modalBody ?? "",
      }}
    >
      <Kept {...props} />
    </Modal>
  );
}

/** Begins with what was kept of this, in the words and prices of the menu. */
function Kept(props: Props) {
  const rid = useRestaurantId();
  const menu = useQuery(menuQuery(rid));
  const drafts = useQuery(draftsQuery(rid));
  const isWaiting =
    (menu.data === undefined && !menu.isError) || (drafts.data === undefined && !drafts.isError);
  // What is typed meanwhile is for the fields that come.
  useLayoutEffect(() => {
    if (!isWaiting) return undefined;
    keepTyped(true);
    return () => void takeTyped();
  }, [isWaiting]);
  return (
    <Answer query={menu} skeleton={<PickerSkeleton />}>
      {(menu) => (
        <Answer query={drafts} isInner skeleton={<PickerSkeleton />}>
          {(drafts) => {
            // What was begun for another table waits: it is not this party's.
            const { table } = props;
            const of = (drafts.items ?? []).findLast(
              (draft) =>
                (draft.order_id ?? null) === (props.order?.id ?? null) &&
                (table === undefined || nameKey(draft.table ?? "") === nameKey(table)),
            );
            const first = of === undefined ? null : fromSaved(of, menu);
            return <Form {...props} menu={menu} first={first} />;
          }}
        </Answer>
      )}
    </Answer>
  );
}

function Form(props: Props & { menu: Menu; first: Draft | null }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const errorText = useErrorText();
  const { order } = props;
  const isNew = order === null;
  const [typed] = useState(() => early(takeTyped(), isNew && props.table === undefined));
  const { draft, keep, begin, giveUp, flush } = useDraft(
    order?.id ?? null,
    props.first,
    props.table ?? typed.table,
  );
  const before = useRef(new Set<string>());
  const input = useRef<HTMLInputElement>(null);
  const fire = useFireLines();
  const submit = useSubmitDraft(order?.id ?? null, flush, (now, fireToo) => {
    begin();
    client.setQueryData(orderQuery(rid, now.id).queryKey, now);
    // Only what this press brought: lines held before stay held.
    const brought = now.lines.filter((line) => line.state === "held" && !before.current.has(line.id));
    if (fireToo && brought.length > 0) fire.mutate({ id: now.id, line_ids: brought.map((line) => line.id) });
    props.onDone(now);
  });
  // It answers again: what was said of its silence is no longer so.
  const isBack = useLive().status === "connected";
  const wasSilent = submit.error?.code === "unreachable";
  const { reset } = submit;
  useEffect(() => {
    if (isBack && wasSilent) reset();
  }, [isBack, wasSilent, reset]);
  const isEmpty = draft.lines.length === 0;
  const isOff = isUnread(draft);
  // Equal shares have no lines of their own.
  const checks = (order?.checks ?? []).filter((one) => one.share_of == null);
  const send = (fireToo: boolean) => {
    if (submit.isPending || isOff || (!isNew && isEmpty)) return;
    before.current = new Set(order?.lines.map((line) => line.id));
    submit.mutate({ draft, fire: fireToo && !isEmpty });
  };
  const named = useTableNamed(order?.table ?? draft.table);
  const seats = (isNew ? draft.covers || null : order.covers) ?? named?.seats ?? null;
  const set = (change: Partial<Draft>) => keep({ ...draft, ...change });
  const hold = isNew ? t(isEmpty ? "new.openEmpty" : "new.open") : t("add.hold");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        send(true);
      }}
    >
      <TakeItems
        menu={props.menu}
        lines={draft.lines}
        seats={seats}
        onLines={(lines) => set({ lines })}
        input={input}
        early={typed}
        before={
          isNew ? (
            <NewOrderHead draft={draft} onChange={set} input={input} isFirst={!typed.isAtMenu} />
          ) : checks.length > 1 ? (
            <Select
              label={t("add.check")}
              data={checks.map((one) => ({
                value: one.id,
                label: t("totals.check", { number: one.number }),
              }))}
              allowDeselect={false}
              value={checks.some((one) => one.id === draft.check) ? draft.check : order.id}
              onChange={(check) => set({ check: check === order.id ? null : check })}
            />
          ) : undefined
        }
        after={
          <div className={styles.foot}>
            {submit.error !== null && (
              <p className={styles.problem} role="alert">
                {errorText(submit.error).short}
              </p>
            )}
            <div className={`${styles.sum} num`}>
              <span>{t("draft.count", { count: countOf(draft.lines) })}</span>
              <b>{money(totalOf(draft.lines))}</b>
            </div>
            <div className={styles.buttons}>
              <Button
                type="submit"
                variant="default"
                disabled={isOff || (!isNew && isEmpty)}
                loading={submit.isPending && !submit.variables.fire}
              >
                {hold}
              </Button>
              <Button
                disabled={isOff || isEmpty}
                loading={submit.isPending && submit.variables.fire}
                onClick={() => send(true)}
                aria-keyshortcuts="Control+Enter"
                rightSection={<KeyCaps keys="mod+Enter" onAccent />}
              >
                {t(isNew ? "new.fire" : "add.fire")}
              </Button>
            </div>
            {!isBlank(draft) && (
              <Button variant="subtle" color="gray" size="compact-sm" onClick={giveUp}>
                {t("draft.clear")}
              </Button>
            )}
          </div>
        }
      />
    </form>
  );
}
