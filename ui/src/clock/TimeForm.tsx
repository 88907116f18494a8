// Writes down a shift, or corrects one: from, to, breaks and why. Times are the restaurant's wall clock.
import { ActionIcon, Button, Modal, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Shift, TimeSheet } from "../api/types";
import { useRestaurant } from "../app/queries";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import { instantOf, wallOf } from "../kit/wall";
import styles from "./clock.module.css";
import { useAddTime, useCorrectTime, useVoidTime } from "./commands";

interface Values {
  staff_id: string;
  from: string;
  to: string;
  breaks: { from: string; to: string }[];
  reason: string;
}

const HOUR_MS = 3_600_000;

export function TimeForm(props: {
  people: TimeSheet[];
  sheet: TimeSheet | null;
  shift: Shift | null;
  now_ms: number;
  onClose: () => void;
}) {
  const { t } = useTranslation("clock");
  const { shift } = props;
  const zone = useRestaurant()?.time_zone ?? "UTC";
  const [striking, setStriking] = useState(false);
  const wall = (ms: number | null | undefined) => (ms == null ? "" : wallOf(ms, zone));
  const form = useForm<Values>({
    initialValues: {
      staff_id: props.sheet?.staff_id ?? "",
      from: wall(shift?.started_ms ?? props.now_ms - 8 * HOUR_MS),
      to: shift === null ? wall(props.now_ms) : wall(shift.ended_ms),
      breaks: (shift?.breaks ?? []).map((one) => ({ from: wall(one.started_ms), to: wall(one.ended_ms) })),
      reason: "",
    },
    validate: {
      staff_id: (value) => (value === "" ? t("form.whoMissing") : null),
      from: (value) => (instantOf(value, zone) === null ? t("form.timeMissing") : null),
      to: (value) => (instantOf(value, zone) === null ? t("form.timeMissing") : null),
      reason: (value) => (value.trim() === "" ? t("form.reasonMissing") : null),
      breaks: {
        from: (value) => (instantOf(value, zone) === null ? t("form.timeMissing") : null),
        to: (value) => (instantOf(value, zone) === null ? t("form.timeMissing") : null),
      },
    },
  });
  const done = () => {
    say(t("form.saved"));
    props.onClose();
  };
  const add = useAddTime(done);
  const correct = useCorrectTime(done);
  const strike = useVoidTime(done);
  const failed = add.error ?? correct.error;
  const fieldError = (name: string) => (failed?.field === name ? failed.message : undefined);
  const isOurs = failed?.field === "started_ms" || failed?.field === "ended_ms";
  const save = (values: Values) => {
    const at = (text: string) => instantOf(text, zone) ?? 0;
    const body = {
      started_ms: at(values.from),
      ended_ms: at(values.to),
      breaks: values.breaks.map((one) => ({ started_ms: at(one.from), ended_ms: at(one.to) })),
      reason: values.reason.trim(),
    };
    if (shift === null) add.mutate({ ...body, staff_id: values.staff_id });
    else correct.mutate({ ...body, id: shift.id });
  };
  return (
    <>
      <Modal
        opened={!striking}
        onClose={props.onClose}
        title={shift === null ? t("add") : t("form.correct", { name: props.sheet?.name })}
        size="lg"
      >
        <form className={styles.form} noValidate onSubmit={form.onSubmit(save)}>
          {shift === null && (
            <Select
              data-autofocus
              label={t("form.who")}
              searchable
              openOnFocus={false}
              data={props.people.map((one) => ({ value: one.staff_id, label: one.name }))}
              {...form.getInputProps("staff_id")}
            />
          )}
          <div className={styles.pair}>
            <TextInput
              type="datetime-local"
              label={t("form.from")}
              {...form.getInputProps("from")}
              error={form.errors["from"] ?? fieldError("started_ms")}
            />
            <TextInput
              type="datetime-local"
              label={t("form.to")}
              {...form.getInputProps("to")}
              error={form.errors["to"] ?? fieldError("ended_ms")}
            />
          </div>
          {form.values.breaks.map((_, at) => (
            <div key={at} className={styles.breakRow}>
              <TextInput
                type="datetime-local"
                label={t("form.breakFrom", { number: at + 1 })}
                {...form.getInputProps(`breaks.${at}.from`)}
                error={form.errors[`breaks.${at}.from`] ?? fieldError(`breaks[${at}]`)}
              />
              <TextInput
                type="datetime-local"
                label={t("form.breakTo", { number: at + 1 })}
                {...form.getInputProps(`breaks.${at}.to`)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t("form.breakRemove", { number: at + 1 })}
                onClick={() => form.removeListItem("breaks", at)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </div>
          ))}
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            className={styles.addBreak}
            leftSection={<IconPlus size={14} />}
            onClick={() => form.insertListItem("breaks", { from: form.values.from, to: form.values.from })}
          >
            {t("form.breakAdd")}
          </Button>
          <TextInput
            label={t("form.reason")}
            description={t("form.reasonWhy")}
            maxLength={200}
            {...form.getInputProps("reason")}
            error={form.errors["reason"] ?? fieldError("reason")}
          />
          <FormFoot
            error={isOurs ? null : failed}
            isSaving={add.isPending || correct.isPending}
            save={t("form.save")}
            onCancel={props.onClose}
            remove={shift === null ? null : { label: t("strike"), run: () => setStriking(true) }}
          />
        </form>
      </Modal>
      <ConfirmWithReason
        opened={striking}
        onClose={() => setStriking(false)}
        title={t("strikeTitle")}
        text={t("strikeText")}
        confirm={t("strike")}
        tone="bad"
        pending={strike.isPending}
        error={strike.error}
        onConfirm={(reason) => shift !== null && strike.mutate({ id: shift.id, reason })}
      />
    </>
  );
}
