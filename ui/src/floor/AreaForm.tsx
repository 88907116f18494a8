import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { FloorArea } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { useRemoveArea, useSaveArea } from "./commands";
import styles from "./floor.module.css";

const NAME_MAX = 40;
const METRES_MIN = 2;
const METRES_MAX = 100;

/** People think of rooms in metres; the floor counts centimetres. */
export function AreaForm(props: {
  area: FloorArea | null;
  isEmpty: boolean;
  onSaved: (area: FloorArea) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("floor");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const { area } = props;
  const form = useForm({
    initialValues: {
      name: area?.name ?? "",
      width: (area?.width_cm ?? 1_000) / 100,
      height: (area?.height_cm ?? 700) / 100,
    },
    validate: {
      name: (value) => (value.trim() === "" ? t("area.nameMissing") : null),
      width: (value) => !isWithin(value, METRES_MIN, METRES_MAX),
      height: (value) => !isWithin(value, METRES_MIN, METRES_MAX),
    },
  });
  const save = useSaveArea(props.onSaved);
  const remove = useRemoveArea(props.onClose);
  const failed = save.error;
  const errorAt = (field: string) => (failed?.field === field ? failed.message : undefined);
  const cm = (metres: number | string) => Math.round(Number(metres) * 100);
  return (
    <Modal opened onClose={props.onClose} title={area === null ? t("area.add") : t("area.change")} size={420}>
      <form
        className={styles.form}
        noValidate
        onSubmit={form.onSubmit((values) =>
          save.mutate({
            id: area?.id ?? null,
            name: values.name.trim(),
            width_cm: cm(values.width),
            height_cm: cm(values.height),
          }),
        )}
      >
        <TextInput
          data-autofocus
          label={t("area.name")}
          placeholder={t("area.nameHint")}
          maxLength={NAME_MAX}
          {...form.getInputProps("name")}
          error={form.errors["name"] ?? errorAt("name")}
        />
        <div className={styles.pair}>
          {(["width", "height"] as const).map((side) => (
            <NumberField
              key={side}
              label={t(`area.${side}`)}
              min={METRES_MIN}
              max={METRES_MAX}
              step={0.5}
              decimalScale={1}
              {...form.getInputProps(side)}
              error={errorAt(`${side}_cm`)}
            />
          ))}
        </div>
        {failed !== null && !["name", "width_cm", "height_cm"].includes(failed.field ?? "") && (
          <p role="alert" className={styles.bad}>
            {errorText(failed).short}
          </p>
        )}
        <Group justify="space-between" gap="sm">
          {area !== null && props.isEmpty ? (
            <Button
              variant="subtle"
              color="bad"
              loading={remove.isPending}
              onClick={() => remove.mutate({ id: area.id })}
            >
              {t("area.remove")}
            </Button>
          ) : (
            <span />
          )}
          <Group gap="sm">
            <Button variant="default" onClick={props.onClose}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("area.save")}
            </Button>
          </Group>
        </Group>
      </form>
    </Modal>
  );
}
