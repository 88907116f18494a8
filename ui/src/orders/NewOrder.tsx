// Opens an order: how it is served, for whom, and what they have. Nothing is lost by closing it: the draft waits.
import { Button, Modal, NumberInput, SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Order, OrderSummary } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useFireLines, useOpenOrder } from "./commands";
import { countOf, type Draft, toNewLines, totalOf, useDraft } from "./draft";
import { heldLines } from "./lines";
import styles from "./picker.module.css";
import { TakeItems } from "./TakeItems";

const TABLE_MAX = 40;
const NOTE_MAX = 500;
const COVERS_MAX = 999;
const services: OrderSummary["service"][] = ["dine_in", "takeaway", "delivery"];

export function NewOrder(props: { opened: boolean; onClose: () => void; onOpened: (order: Order) => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const isSmall = useMediaQuery("(max-width: 760px)");
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      // The picker and the notes have an Escape of their own; only what they leave closes the dialog.
      closeOnEscape={false}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) props.onClose();
      }}
      title={t("new.title")}
      size={920}
      fullScreen={isSmall ?? false}
      closeButtonProps={{ "aria-label": common("action.close") }}
      classNames={{
        content: styles.modal ?? "",
        header: styles.modalHead ?? "",
        body: styles.modalBody ?? "",
      }}
    >
      <NewOrderForm onOpened={props.onOpened} />
    </Modal>
  );
}

function NewOrderForm(props: { onOpened: (order: Order) => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const { draft, keep, clear } = useDraft(`${rid}.new`);
  const input = useRef<HTMLInputElement>(null);
  const fire = useFireLines();
  const open = useOpenOrder((order, fireToo) => {
    clear();
    const held = heldLines(order).map((line) => line.id);
    if (fireToo && held.length > 0) fire.mutate({ id: order.id, line_ids: held });
    props.onOpened(order);
  });
  const set = (change: Partial<Draft>) => keep({ ...draft, ...change });
  const isEmpty = draft.lines.length === 0;
  const submit = (fireToo: boolean) => {
    if (open.isPending) return;
    const table = draft.table.trim();
    const note = draft.note.trim();
    open.mutate({
      service: draft.service,
      ...(table === "" ? {} : { table }),
      ...(draft.covers === null ? {} : { covers: draft.covers }),
      ...(note === "" ? {} : { note }),
      ...(isEmpty ? {} : { lines: toNewLines(draft.lines) }),
      fire: fireToo,
      draft: draft.id,
    });
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
        submit(!isEmpty);
      }}
    >
      <TakeItems
        lines={draft.lines}
        onLines={(lines) => set({ lines })}
        input={input}
        before={
          <div className={styles.head}>
            <SegmentedControl
              fullWidth
              aria-label={t("new.service")}
              value={draft.service}
              onChange={(service) => set({ service: service as OrderSummary["service"] })}
              data={services.map((service) => ({ value: service, label: t(`service.${service}`) }))}
            />
            <div className={styles.who}>
              <TextInput
                data-autofocus
                label={t(draft.service === "dine_in" ? "new.table" : "new.name")}
                placeholder={t(draft.service === "dine_in" ? "new.tableHint" : "new.nameHint")}
                maxLength={TABLE_MAX}
                autoComplete="off"
                value={draft.table}
                onChange={(event) => set({ table: event.currentTarget.value })}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
                  event.preventDefault();
                  input.current?.focus();
                }}
              />
              {draft.service === "dine_in" && (
                <NumberInput
                  label={t("new.covers")}
                  min={1}
                  max={COVERS_MAX}
                  allowDecimal={false}
                  hideControls
                  inputMode="numeric"
                  value={draft.covers ?? ""}
                  onChange={(covers) =>
                    set({ covers: typeof covers === "number" && covers > 0 ? covers : null })
                  }
                />
              )}
            </div>
            <TextInput
              aria-label={t("new.note")}
              placeholder={t("new.noteHint")}
              maxLength={NOTE_MAX}
              autoComplete="off"
              value={draft.note}
              onChange={(event) => set({ note: event.currentTarget.value })}
            />
          </div>
        }
        after={
          <div className={styles.foot}>
            {open.error !== null && (
              <p className={styles.problem} role="alert">
                {errorText(open.error).what} {errorText(open.error).why}
              </p>
            )}
            <div className={`${styles.sum} num`}>
              <span>{t("draft.count", { count: countOf(draft.lines) })}</span>
              <b>{money(totalOf(draft.lines))}</b>
            </div>
            <div className={styles.buttons}>
              <Button type="submit" variant="default" loading={open.isPending && !open.variables.fire}>
                {isEmpty ? t("new.openEmpty") : t("new.open")}
              </Button>
              <Button
                disabled={isEmpty}
                loading={open.isPending && open.variables.fire}
                onClick={() => submit(true)}
                aria-keyshortcuts="Control+Enter"
                rightSection={<KeyCaps keys="mod+Enter" onAccent />}
              >
                {t("new.fire")}
              </Button>
            </div>
            {(!isEmpty || draft.table !== "") && (
              <Button variant="subtle" color="gray" size="compact-sm" onClick={clear}>
                {t("draft.clear")}
              </Button>
            )}
          </div>
        }
      />
    </form>
  );
}
