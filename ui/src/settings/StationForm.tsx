import { Modal, MultiSelect, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { KitchenStation, Menu, Printer } from "../api/types";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import { useRemoveStation, useSaveStation } from "./stations";
import styles from "./settings.module.css";

/** Found by typing: a long menu is not drawn whole. */
const OFFERED_MAX = 50;

interface Values {
  name: string;
  category_ids: string[];
  item_ids: string[];
  printer: string | null;
}

export function StationForm(props: {
  station: KitchenStation | null;
  printer: string | null;
  printers: Printer[];
  menu: Menu | undefined;
  onClose: () => void;
}) {
  const { station, printer, onClose } = props;
  const { t } = useTranslation("settings");
  const categories = props.menu?.categories ?? [];
  const form = useForm<Values>({
    initialValues: {
      name: station?.name ?? "",
      category_ids: station?.category_ids ?? [],
      item_ids: station?.item_ids ?? [],
      printer,
    },
    validate: { name: (value) => (value.trim() === "" ? t("kitchen.form.nameMissing") : null) },
  });
  const save = useSaveStation(() => {
    say(t("kitchen.form.saved"));
    onClose();
  });
  const remove = useRemoveStation(() => {
    say(t("kitchen.form.removed"));
    onClose();
  });
  const failed = save.error;
  const at = (field: string) => (failed?.field === field ? failed.message : undefined);
  return (
    <Modal
      opened
      onClose={onClose}
      title={station === null ? t("kitchen.add") : t("kitchen.change", { name: station.name })}
      size="lg"
    >
      <form
        className={styles.stationForm}
        noValidate
        onSubmit={form.onSubmit((values) =>
          save.mutate({
            was: station,
            name: values.name.trim(),
            category_ids: values.category_ids,
            item_ids: values.item_ids,
            printerWas: printer,
            printer: values.printer,
          }),
        )}
      >
        <TextInput
          data-autofocus
          label={t("kitchen.form.name")}
          maxLength={120}
          {...form.getInputProps("name")}
          error={form.errors["name"] ?? at("name")}
        />
        <MultiSelect
          label={t("kitchen.form.categories")}
          description={t("kitchen.form.categoriesWhy")}
          searchable
          classNames={{ input: styles.pills ?? "", inputField: styles.pillsField ?? "" }}
          limit={OFFERED_MAX}
          data={categories.map((category) => ({ value: category.id, label: category.name }))}
          {...form.getInputProps("category_ids")}
        />
        <MultiSelect
          label={t("kitchen.form.items")}
          description={t("kitchen.form.itemsWhy")}
          searchable
          classNames={{ input: styles.pills ?? "", inputField: styles.pillsField ?? "" }}
          limit={OFFERED_MAX}
          data={categories.map((category) => ({
            group: category.name,
            items: category.items.map((item) => ({ value: item.id, label: item.name })),
          }))}
          {...form.getInputProps("item_ids")}
        />
        {props.printers.length === 0 ? (
          <p className={styles.note}>
            {t("kitchen.form.noPrinters")} <Link to="/settings/printers">{t("kitchen.form.toPrinters")}</Link>
          </p>
        ) : (
          <Select
            label={t("kitchen.form.printer")}
            description={t("kitchen.form.printerWhy")}
            placeholder={t("kitchen.form.noPrinter")}
            clearable
            data={props.printers.map((one) => ({ value: one.id, label: one.name }))}
            {...form.getInputProps("printer")}
            error={at("printer_id")}
          />
        )}
        <FormFoot
          error={failed?.field === "name" || failed?.field === "printer_id" ? null : failed}
          isSaving={save.isPending}
          onCancel={onClose}
          remove={
            station === null || station.is_default
              ? null
              : {
                  label: t("kitchen.form.remove"),
                  isRunning: remove.isPending,
                  run: () => remove.mutate({ id: station.id }),
                }
          }
        />
      </form>
    </Modal>
  );
}
