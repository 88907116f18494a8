import { Button, Group, Modal, Select, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModifierGroup } from "../api/types";
import { FormFoot } from "../kit/FormFoot";
import { isAmount } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { useRule } from "./ChoicesPane";
import styles from "./editor.module.css";
import form from "./menu.module.css";
import { moved } from "./model";
import { type ModifierValues, usePutGroup, useRemoveGroup } from "./moreCommands";
import { RowTools } from "./SizesField";

type Draft = ModifierValues & { key: string };

/** Of how many may, and have to, be chosen. */
const CHOICES_MAX = 99;

export function GroupForm(props: {
  group: ModifierGroup | null;
  groups: ModifierGroup[];
  onClose: () => void;
}) {
  const { group } = props;
  const { t } = useTranslation("menu");
  const { t: common } = useTranslation();
  const rule = useRule();
  const [name, setName] = useState(group?.name ?? "");
  const [min, setMin] = useState<number | string>(group?.min ?? 0);
  const [max, setMax] = useState<number | string>(group === null ? 1 : (group.max ?? ""));
  const [choices, setChoices] = useState<Draft[]>(
    group === null
      ? [blank()]
      : group.modifiers.map((one) => ({ ...one, key: one.id, opens_group_id: one.opens_group_id ?? null })),
  );
  const [tried, setTried] = useState(false);
  const put = usePutGroup(group?.id ?? null, props.onClose);
  const remove = useRemoveGroup(() => {
    say(t("choices.removed", { name: group?.name ?? "" }));
    props.onClose();
  });
  const failed = put.error ?? remove.error;
  const named = choices.filter((one) => one.name.trim() !== "");
  const isCount = (typed: number | string) => typed === "" || isWithin(typed, 0, CHOICES_MAX);
  const isGood =
    isCount(min) &&
    isCount(max) &&
    name.trim() !== "" &&
    named.length > 0 &&
    named.every((one) => isAmount(one.price_minor));
  const set = (at: number, change: Partial<Draft>) =>
    setChoices(choices.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const others = props.groups.filter((other) => other.id !== group?.id);
  return (
    <Modal opened size="lg" onClose={props.onClose} title={group === null ? t("choices.add") : group.name}>
      <form
        className={form.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!isGood) return;
          put.mutate({
            name: name.trim(),
            min: Number(min) || 0,
            max: Number(max) || 0,
            modifiers: named.map(wantedOf),
          });
        }}
      >
        <TextInput
          data-autofocus
          label={t("form.name")}
          placeholder={t("choices.example")}
          maxLength={120}
          value={name}
          error={tried && name.trim() === "" ? t("choices.nameMissing") : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div>
          <Group grow align="start">
            <NumberField
              label={t("choices.min")}
              min={0}
              max={CHOICES_MAX}
              allowDecimal={false}
              value={min}
              onChange={setMin}
            />
            <NumberField
              label={t("choices.max")}
              placeholder={t("choices.noMax")}
              min={0}
              max={CHOICES_MAX}
              allowDecimal={false}
              value={max}
              onChange={setMax}
            />
          </Group>
          <p className={styles.lite}>{rule(Number(min) || 0, Number(max) || null)}</p>
        </div>
        <fieldset className={styles.rows}>
          <legend>{t("choices.title")}</legend>
          {choices.map((choice, at) => (
            <div key={choice.key} className={styles.editRow} data-wide={others.length > 0 ? "" : undefined}>
              <TextInput
                aria-label={t("choices.name", { n: at + 1 })}
                placeholder={t("choices.oneExample")}
                maxLength={120}
                autoFocus={choice.name === "" && at > 0 && at === choices.length - 1}
                value={choice.name}
                onChange={(event) => set(at, { name: event.currentTarget.value })}
              />
              <ChangeInput
                label={t("choices.price", { name: choice.name || at + 1 })}
                value={choice.price_minor}
                onChange={(price_minor) => set(at, { price_minor })}
              />
              {others.length > 0 && (
                <Select
                  aria-label={t("choices.opens", { name: choice.name || at + 1 })}
                  placeholder={t("choices.opensNothing")}
                  clearable
                  data={others.map((other) => ({ value: other.id, label: other.name }))}
                  value={choice.opens_group_id}
                  onChange={(opens_group_id) => set(at, { opens_group_id })}
                />
              )}
              <Switch
                size="sm"
                color="accent"
                withThumbIndicator={false}
                checked={choice.available}
                aria-label={t("availableOf", { name: choice.name || at + 1 })}
                onChange={(event) => set(at, { available: event.currentTarget.checked })}
              />
              <RowTools
                name={choice.name || String(at + 1)}
                isFirst={at === 0}
                onUp={() => setChoices(moved(choices, at, -1) ?? choices)}
                onRemove={() => setChoices(choices.filter((_, index) => index !== at))}
              />
            </div>
          ))}
          {tried && named.length === 0 && (
            <p className={styles.bad} role="alert">
              {t("choices.oneMissing")}
            </p>
          )}
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => setChoices([...choices, blank()])}
          >
            {t("choices.addOne")}
          </Button>
        </fieldset>
        <FormFoot
          error={failed}
          isSaving={put.isPending}
          save={group === null ? t("form.add") : common("action.save")}
          remove={
            group === null
              ? null
              : {
                  label: t("choices.remove"),
                  isRunning: remove.isPending,
                  run: () => remove.mutate({ id: group.id }),
                }
          }
        />
      </form>
    </Modal>
  );
}

/** As the engine takes it: one that is new has no id. */
function wantedOf(draft: Draft): ModifierValues {
  const { name, price_minor, opens_group_id, available } = draft;
  const values = { name: name.trim(), price_minor, opens_group_id, available };
  return draft.id === undefined ? values : { ...values, id: draft.id };
}

let blanks = 0;
function blank(): Draft {
  blanks += 1;
  return { key: `new-${blanks}`, name: "", price_minor: 0, opens_group_id: null, available: true };
}

/** What a choice adds; a leading minus takes off. */
function ChangeInput(props: { label: string; value: number; onChange: (minor: number) => void }) {
  const [isOff, setOff] = useState(props.value < 0);
  return (
    <MoneyInput
      className={styles.money}
      aria-label={props.label}
      leftSection={<span aria-hidden>{isOff ? "−" : "+"}</span>}
      value={Math.abs(props.value)}
      onKeyDown={(event) => {
        if (event.key !== "-" && event.key !== "+") return;
        event.preventDefault();
        setOff(event.key === "-");
        props.onChange(event.key === "-" ? -Math.abs(props.value) : Math.abs(props.value));
      }}
      onChange={(minor) => props.onChange(isOff ? -(minor ?? 0) : (minor ?? 0))}
    />
  );
}
