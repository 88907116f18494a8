// The phases of a plan as rows: what shape, how long, how fast.
import { ActionIcon, Button, Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import styles from "./loads.module.css";
import { reshaped } from "./model";
import type { Phase, Shape } from "./types";

const SHAPES: Shape[] = ["constant", "ramp", "spike", "steps", "users"];
const FIELDS: Record<Shape, ("rate" | "from" | "to" | "base" | "peak" | "users")[]> = {
  constant: ["rate"],
  ramp: ["from", "to"],
  spike: ["base", "peak"],
  steps: [],
  users: ["from", "users"],
};

export function Phases({
  phases,
  onChange,
}: {
  phases: readonly Phase[];
  onChange: (phases: Phase[]) => void;
}) {
  const { t } = useTranslation("loads");
  const put = (index: number, phase: Phase) =>
    onChange(phases.map((one, at) => (at === index ? phase : one)));
  const add = () => {
    const last = phases.at(-1);
    const name = String(phases.length + 1);
    onChange([
      ...phases,
      last === undefined ? { shape: "constant", name, for_s: 30, rate: 20 } : { ...last, name },
    ]);
  };
  return (
    <div className={styles.phases}>
      {phases.map((phase, index) => (
        // Phases have no id, and their names are being typed.
        <fieldset key={index} className={styles.phase}>
          <legend className="visually-hidden">{`${t("edit.phase")} ${phase.name}`}</legend>
          <TextInput
            size="xs"
            label={t("edit.phase")}
            maxLength={120}
            value={phase.name}
            onChange={(event) => put(index, { ...phase, name: event.currentTarget.value })}
          />
          <Select
            size="xs"
            label={t("edit.shape")}
            data={SHAPES.map((shape) => ({ value: shape, label: t(`edit.shapes.${shape}`) }))}
            value={phase.shape}
            allowDeselect={false}
            onChange={(shape) => shape !== null && put(index, reshaped(phase, shape as Shape))}
          />
          <NumberInput
            size="xs"
            label={t("edit.seconds")}
            clampBehavior="none"
            min={0.1}
            value={phase.for_s}
            onChange={(value) => put(index, { ...phase, for_s: Number(value) })}
          />
          {FIELDS[phase.shape].map((field) => (
            <NumberInput
              key={field}
              size="xs"
              label={t(`edit.${field}`)}
              clampBehavior="none"
              min={0}
              value={phase[field] ?? (field === "from" ? (phase.users ?? 0) : 0)}
              onChange={(value) => put(index, { ...phase, [field]: Number(value) })}
            />
          ))}
          {phase.shape === "steps" && (
            <TextInput
              size="xs"
              label={t("edit.rates")}
              value={(phase.rates ?? []).join(", ")}
              onChange={(event) =>
                put(index, {
                  ...phase,
                  rates: event.currentTarget.value
                    .split(/[\s,;]+/)
                    .filter((one) => /^\d+(\.\d+)?$/.test(one))
                    .map(Number),
                })
              }
            />
          )}
          <Checkbox
            size="xs"
            label={t("edit.warmUp")}
            checked={phase.warm_up === true}
            onChange={(event) => {
              const rest = { ...phase };
              delete rest.warm_up;
              put(index, event.currentTarget.checked ? { ...rest, warm_up: true } : rest);
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={phases.length === 1}
            aria-label={t("edit.removePhase", { name: phase.name })}
            onClick={() => onChange(phases.filter((_, at) => at !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
        </fieldset>
      ))}
      <div>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          {t("edit.addPhase")}
        </Button>
      </div>
    </div>
  );
}
