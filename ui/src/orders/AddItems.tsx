// More items for an open order; what was picked waits when the dialog is closed.
import { Button, Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useOrderName } from "../kit/orderName";
import { useAddLines, useFireLines } from "./commands";
import { countOf, toNewLines, totalOf, useDraft } from "./draft";
import styles from "./picker.module.css";
import { TakeItems } from "./TakeItems";

export function AddItems(props: { order: Order; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
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
      title={t("add.for", { name: nameOf(order), number: order.number })}
      size={920}
      fullScreen={isSmall ?? false}
      closeButtonProps={{ "aria-label": common("action.close") }}
      classNames={{
        content: styles.modal ?? "",
        header: styles.modalHead ?? "",
        body: styles.modalBody ?? "",
      }}
    >
      <AddItemsForm order={order} onDone={props.onClose} />
    </Modal>
  );
}

function AddItemsForm(props: { order: Order; onDone: () => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const errorText = useErrorText();
  const { order } = props;
  const before = useRef(new Set(order.lines.map((line) => line.id)));
  const { draft, keep, clear } = useDraft(order.id);
  const input = useRef<HTMLInputElement>(null);
  const fire = useFireLines();
  const add = useAddLines((now, fireToo) => {
    clear();
    // Only what this press added: lines held before stay held.
    const added = now.lines.filter((line) => line.state === "held" && !before.current.has(line.id));
    if (fireToo && added.length > 0) fire.mutate({ id: now.id, line_ids: added.map((line) => line.id) });
    props.onDone();
  });
  const isEmpty = draft.lines.length === 0;
  const submit = (fireToo: boolean) => {
    if (isEmpty || add.isPending) return;
    before.current = new Set(order.lines.map((line) => line.id));
    add.mutate({ id: order.id, lines: toNewLines(draft.lines), fire: fireToo, draft: draft.id });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        submit(true);
      }}
    >
      <TakeItems
        lines={draft.lines}
        onLines={(lines) => keep({ ...draft, lines })}
        input={input}
        after={
          <div className={styles.foot}>
            {add.error !== null && (
              <p className={styles.problem} role="alert">
                {errorText(add.error).what} {errorText(add.error).why}
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
                disabled={isEmpty}
                loading={add.isPending && !add.variables.fire}
              >
                {t("add.hold")}
              </Button>
              <Button
                disabled={isEmpty}
                loading={add.isPending && add.variables.fire}
                onClick={() => submit(true)}
                aria-keyshortcuts="Control+Enter"
                rightSection={<KeyCaps keys="mod+Enter" onAccent />}
              >
                {t("add.fire")}
              </Button>
            </div>
          </div>
        }
      />
    </form>
  );
}
