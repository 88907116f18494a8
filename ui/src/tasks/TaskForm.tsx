import { Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Role, Task } from "../api/types";
import { useMay, useRestaurant, useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { Chips } from "../kit/Chips";
import { DAYS, dateOf } from "../kit/days";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { instantOf, wallOf } from "../kit/wall";
import { staffQuery } from "../staff/queries";
import { useRemoveTask, useSaveTask } from "./commands";
import styles from "./tasks.module.css";

interface Values {
  title: string;
  note: string;
  /** "anybody", "role:chef" or "person:<id>". */
  whose: string;
  repeats: "once" | "opening" | "daily" | "closing";
  due: string;
  /** Of the week, for what comes back; none: every day. */
  days: number[];
}

const roles: Role[] = ["manager", "cashier", "waiter", "chef", "owner", "admin"];

function whoseOf(task: Task | null): string {
  if (task?.staff_id != null) return `person:${task.staff_id}`;
  return task?.role == null ? "anybody" : `role:${task.role}`;
}

export function TaskForm({ task, onClose }: { task: Task | null; onClose: () => void }) {
  const { t } = useTranslation("tasks");
  const { t: common } = useTranslation();
  const zone = useRestaurant()?.time_zone ?? "UTC";
  const rid = useRestaurantId();
  const may = useMay();
  const { weekday } = useFormat();
  const people = useQuery({ ...staffQuery(rid), enabled: may("staff.read") }).data;
  const form = useForm<Values>({
    initialValues: {
      title: task?.title ?? "",
      note: task?.note ?? "",
      whose: whoseOf(task),
      repeats: task?.repeats ?? "once",
      days: task?.days ?? [],
      due: task?.due_ms == null ? "" : wallOf(task.due_ms, zone),
    },
    validate: { title: (value) => (value.trim() === "" ? t("form.titleMissing") : null) },
  });
  const save = useSaveTask(() => {
    say(t("form.saved"));
    onClose();
  });
  const remove = useRemoveTask(() => {
    say(t("form.removed"));
    onClose();
  });
  const submit = (values: Values) => {
    const [kind, which] = values.whose.split(/:(.*)/);
    save.mutate({
      id: task?.id ?? null,
      title: values.title.trim(),
      note: values.note.trim() === "" ? null : values.note.trim(),
      staff_id: kind === "person" ? (which ?? null) : null,
      role: kind === "role" ? (which as Role) : null,
      repeats: values.repeats === "once" ? null : values.repeats,
      days: values.repeats === "once" ? [] : values.days,
      due_ms: values.repeats === "once" && values.due !== "" ? instantOf(values.due, zone) : null,
    });
  };
  const failed = save.error;
  return (
    <Modal opened onClose={onClose} title={task === null ? t("add") : t("form.change")} size="lg">
      <form className={styles.form} noValidate onSubmit={form.onSubmit(submit)}>
        <TextInput
          data-autofocus
          label={t("form.title")}
          maxLength={120}
          {...form.getInputProps("title")}
          error={form.errors["title"] ?? (failed?.field === "title" ? failed.message : undefined)}
        />
        <div className={styles.pair}>
          <Select
            label={t("form.whose")}
            allowDeselect={false}
            searchable
            data={[
              { group: t("form.everybody"), items: [{ value: "anybody", label: t("anybody") }] },
              {
                group: t("form.role"),
                items: roles.map((role) => ({ value: `role:${role}`, label: common(`role.${role}`) })),
              },
              {
                group: t("form.person"),
                items: (people?.items ?? [])
                  .filter((person) => person.active)
                  .map((person) => ({ value: `person:${person.id}`, label: person.name })),
              },
            ]}
            {...form.getInputProps("whose")}
          />
          <Select
            label={t("form.repeats")}
            allowDeselect={false}
            data={(["once", "opening", "daily", "closing"] as const).map((value) => ({
              value,
              label: t(`repeats.${value}`),
            }))}
            {...form.getInputProps("repeats")}
          />
        </div>
        {form.values.repeats !== "once" && (
          <fieldset className={styles.days}>
            <legend>{t("form.days")}</legend>
            <Chips
              of={DAYS}
              name={(day) => weekday(dateOf(day))}
              on={form.values.days}
              onChange={(days) => form.setFieldValue("days", days)}
            />
            {form.values.days.length === 0 && <small>{t("form.everyDay")}</small>}
          </fieldset>
        )}
        {form.values.repeats === "once" && (
          <TextInput type="datetime-local" label={t("form.due")} {...form.getInputProps("due")} />
        )}
        <Textarea
          label={t("form.note")}
          autosize
          minRows={2}
          maxLength={500}
          {...form.getInputProps("note")}
        />
        <FormFoot
          error={failed?.field === "title" ? null : failed}
          isSaving={save.isPending}
          save={t("form.save")}
          onCancel={onClose}
          remove={
            task === null
              ? null
              : {
                  label: t("form.remove"),
                  isRunning: remove.isPending,
                  run: () => remove.mutate({ id: task.id }),
                }
          }
        />
      </form>
    </Modal>
  );
}
