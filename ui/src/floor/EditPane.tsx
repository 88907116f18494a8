// The table that is being arranged, in fields: what it is called and where it stands, for fingers and keyboards too.
import { ActionIcon, Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Floor, FloorSpot, FloorTable, TableShape } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { useRemoveTable, useSaveTable } from "./commands";
import { GRID_CM, moved, nameKey, shapes, sized, TABLE_CM_MAX, TABLE_CM_MIN } from "./model";
import styles from "./pane.module.css";
import { useTableWords } from "./words";

const NAME_MAX = 40;
const SEATS_MAX = 60;

export function EditPane(props: {
  table: FloorTable;
  floor: Floor;
  spot: FloorSpot;
  /** Just added: its name is what one types first. */
  isNew: boolean;
  onSpot: (spot: FloorSpot) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("floor");
  const words = useTableWords();
  const errorText = useErrorText();
  const { table, floor, spot } = props;
  const [sure, setSure] = useState(false);
  const form = useForm({
    initialValues: { name: table.name, shape: table.shape, seats: table.seats, area_id: table.area_id },
    validate: {
      name: (name) => {
        if (name.trim() === "") return t("edit.nameMissing");
        const isTaken = floor.tables.some(
          (one) => one.id !== table.id && nameKey(one.name) === nameKey(name),
        );
        return isTaken ? t("edit.nameTaken", { name: name.trim() }) : null;
      },
      seats: (seats) => !isWithin(seats, 1, SEATS_MAX),
    },
  });
  const save = useSaveTable((saved) => {
    say(t("edit.saved", { name: words.name(saved) }));
    form.setInitialValues({
      name: saved.name,
      shape: saved.shape,
      seats: saved.seats,
      area_id: saved.area_id,
    });
    form.reset();
  });
  const remove = useRemoveTable(() => {
    say(t("edit.removed", { name: words.name(table) }));
    props.onClose();
  });
  const area = floor.areas.find((one) => one.id === table.area_id);
  const failed = save.error;
  const submit = form.onSubmit((values) => {
    const to = floor.areas.find((one) => one.id === values.area_id);
    // In another room it stands where there is room for it.
    const fits =
      to === undefined
        ? spot
        : moved(
            sized(spot, { ...to, width_cm: 1e5, height_cm: 1e5 }, spot.width_cm, spot.height_cm),
            to,
            spot.x_cm,
            spot.y_cm,
          );
    save.mutate({ id: table.id, ...values, name: values.name.trim(), spot: fits });
  });
  return (
    <aside className={styles.pane} aria-label={words.name(table)}>
      <header className={styles.head}>
        <h2>{words.name(table)}</h2>
        <span className={styles.grow} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t("pane.close")}
          onClick={props.onClose}
        >
          <IconX size={18} />
        </ActionIcon>
      </header>
      <div className={styles.scroll}>
        <form className={styles.form} noValidate onSubmit={submit}>
          <TextInput
            label={t("edit.name")}
            maxLength={NAME_MAX}
            autoComplete="off"
            autoFocus={props.isNew}
            onFocus={(event) => event.currentTarget.select()}
            {...form.getInputProps("name")}
            error={form.errors["name"] ?? (failed?.field === "name" ? failed.message : undefined)}
          />
          <NumberField
            label={t("edit.seats")}
            min={1}
            max={SEATS_MAX}
            allowDecimal={false}
            {...form.getInputProps("seats")}
            error={failed?.field === "seats" ? failed.message : undefined}
          />
          <div>
            <span className={styles.fieldLabel} id="floor-shape">
              {t("edit.shape")}
            </span>
            <SegmentedControl
              fullWidth
              aria-labelledby="floor-shape"
              data={shapes.map((shape) => ({ value: shape, label: t(`shape.${shape}`) }))}
              value={form.values.shape}
              onChange={(shape) => form.setFieldValue("shape", shape as TableShape)}
            />
          </div>
          {floor.areas.length > 1 && (
            <Select
              label={t("edit.areaOf")}
              allowDeselect={false}
              data={floor.areas.map((one) => ({ value: one.id, label: one.name }))}
              {...form.getInputProps("area_id")}
            />
          )}
          {failed !== null && !["name", "seats"].includes(failed.field ?? "") && (
            <p role="alert" className={styles.bad}>
              {errorText(failed).short}
            </p>
          )}
          <Button type="submit" className={styles.touch} disabled={!form.isDirty()} loading={save.isPending}>
            {t("edit.save")}
          </Button>
        </form>
        {area !== undefined && (
          <div className={styles.spot} role="group" aria-labelledby="floor-spot">
            <h3 id="floor-spot">{t("edit.spot")}</h3>
            <Length
              label={t("edit.x")}
              value={spot.x_cm}
              min={0}
              onSet={(cm) => props.onSpot(moved(spot, area, cm, spot.y_cm))}
            />
            <Length
              label={t("edit.y")}
              value={spot.y_cm}
              min={0}
              onSet={(cm) => props.onSpot(moved(spot, area, spot.x_cm, cm))}
            />
            <Length
              label={t("edit.width")}
              value={spot.width_cm}
              min={TABLE_CM_MIN}
              onSet={(cm) => props.onSpot(sized(spot, area, cm, spot.height_cm))}
            />
            <Length
              label={t("edit.height")}
              value={spot.height_cm}
              min={TABLE_CM_MIN}
              onSet={(cm) => props.onSpot(sized(spot, area, spot.width_cm, cm))}
            />
            <Length
              label={t("edit.rotation")}
              value={spot.rotation_deg ?? 0}
              min={0}
              max={359}
              step={15}
              onSet={(deg) => props.onSpot({ ...spot, rotation_deg: deg })}
            />
          </div>
        )}
      </div>
      <footer className={styles.foot}>
        {sure ? (
          <>
            <p className={styles.text}>{t("edit.removeText", { name: words.name(table) })}</p>
            <div className={styles.buttons}>
              <Button variant="default" className={styles.touch} onClick={() => setSure(false)}>
                {t("edit.keep")}
              </Button>
              <Button
                color="bad"
                className={styles.touch}
                loading={remove.isPending}
                onClick={() => remove.mutate({ id: table.id }, { onError: () => setSure(false) })}
              >
                {t("edit.removeDo", { name: words.name(table) })}
              </Button>
            </div>
          </>
        ) : (
          <Button variant="subtle" color="bad" className={styles.touch} onClick={() => setSure(true)}>
            {t("edit.remove")}
          </Button>
        )}
      </footer>
    </aside>
  );
}

/** Taken over when one leaves it or presses Enter, like everything that is dragged. */
function Length(props: {
  label: string;
  value: number;
  min: number;
  max?: number;
  step?: number;
  onSet: (value: number) => void;
}) {
  const [typed, setTyped] = useState<number | string>(props.value);
  const [from, setFrom] = useState(props.value);
  if (from !== props.value) {
    setFrom(props.value);
    setTyped(props.value);
  }
  const most = props.max ?? TABLE_CM_MAX;
  const take = () => {
    const value = Math.round(Number(typed));
    if (typed === "" || !Number.isFinite(value)) setTyped(props.value);
    else if (value !== props.value && isWithin(value, props.min, most)) props.onSet(value);
  };
  return (
    <NumberField
      label={props.label}
      min={props.min}
      max={most}
      step={props.step ?? GRID_CM}
      allowDecimal={false}
      allowNegative={false}
      value={typed}
      onChange={setTyped}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
    />
  );
}
