// How many guests an open order is for and its note, when they are otherwise than was said.
import { Modal, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { FormFoot } from "../kit/FormFoot";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { COVERS_MAX, COVERS_MIN, NOTE_MAX } from "./draft";
import styles from "./reduce.module.css";
import { useChangeOrder } from "./steps";

export function ChangeOrder(props: { order: Order; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("orders");
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t("change.of", { number: props.order.number })}
    >
      <Form order={props.order} onClose={props.onClose} />
    </Modal>
  );
}

function Form(props: { order: Order; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { order } = props;
  const [covers, setCovers] = useState<number | string>(order.covers ?? "");
  const [note, setNote] = useState(order.note ?? "");
  const change = useChangeOrder(props.onClose);
  const isGood = covers === "" || isWithin(covers, COVERS_MIN, COVERS_MAX);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!isGood || change.isPending) return;
    const wanted = {
      ...(Number(covers) === (order.covers ?? 0) ? {} : { covers: Number(covers) }),
      ...(note.trim() === (order.note ?? "") ? {} : { note: note.trim() }),
    };
    if (Object.keys(wanted).length === 0) props.onClose();
    else change.mutate({ id: order.id, body: wanted });
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <NumberField
        data-autofocus
        label={t("new.covers")}
        min={COVERS_MIN}
        max={COVERS_MAX}
        allowDecimal={false}
        inputMode="numeric"
        value={covers}
        onChange={setCovers}
      />
      <Textarea
        label={t("new.note")}
        maxLength={NOTE_MAX}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FormFoot error={change.error} isSaving={change.isPending} onCancel={props.onClose} remove={null} />
    </form>
  );
}
