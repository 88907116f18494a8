// Asks for what goes with an item before it is taken: its size, and of each group as many as it wants. What is
// required and missing is named on the button; Ctrl Enter takes it as soon as all is chosen.
import { Button, Modal } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuItem, ModifierGroup, ModifierWish } from "../api/types";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useFocusBack } from "../kit/useFocusBack";
import { change, type Choice, chosenIn, type Groups, missing, ofGroup, priceOf, usual } from "./choices";
import styles from "./choices.module.css";

export function Choices(props: {
  item: MenuItem;
  quantity: number;
  groups: Groups;
  /** What was chosen before; null: the usual. */
  before: Choice | null;
  onClose: () => void;
  onTake: (choice: Choice) => void;
}) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const { item, groups } = props;
  useFocusBack();
  const [choice, setChoice] = useState<Choice>(props.before ?? usual(item));
  const lacks = missing(item.group_ids, groups, choice.modifiers);
  // The keys begin at the first thing that can be chosen.
  const firstGroup = groups.get(item.group_ids[0] ?? "")?.modifiers ?? [];
  const begin = (item.variants.length > 0 ? item.variants : firstGroup).find((one) => one.available)?.id;
  const isReady = lacks === null && (item.variants.length === 0 || choice.variant_id !== null);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.quantity > 1 ? `${props.quantity} × ${item.name}` : item.name}
      size={460}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (isReady) props.onTake(choice);
        }}
        onKeyDown={(event) => {
          // The order behind has keys of its own.
          event.stopPropagation();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
          if (event.key === "Escape") props.onClose();
        }}
      >
        {item.variants.length > 0 && (
          <fieldset className={styles.group}>
            <legend>{t("choices.size")}</legend>
            <div className={styles.options}>
              {item.variants.map((variant) => (
                <button
                  key={variant.id}
                  type="button"
                  data-autofocus={variant.id === begin || undefined}
                  className={styles.option}
                  aria-pressed={choice.variant_id === variant.id}
                  disabled={!variant.available}
                  onClick={() => setChoice({ ...choice, variant_id: variant.id })}
                >
                  <span>{variant.name}</span>
                  <small className="num">
                    {variant.available ? money(variant.price_minor) : t("picker.soldOut")}
                  </small>
                </button>
              ))}
            </div>
          </fieldset>
        )}
        {item.group_ids.map((id) => (
          <Group
            key={id}
            group={groups.get(id)}
            groups={groups}
            wishes={choice.modifiers}
            begin={begin}
            onChange={(modifiers) => setChoice({ ...choice, modifiers })}
          />
        ))}
        <div className={styles.foot}>
          <b className="num">{money(priceOf(item, choice, groups) * props.quantity)}</b>
          <Button
            type="submit"
            disabled={!isReady}
            aria-keyshortcuts="Control+Enter"
            rightSection={<KeyCaps keys="mod+Enter" onAccent />}
          >
            {lacks === null ? t("choices.take") : t("choices.lacks", { group: lacks.name })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Group(props: {
  group: ModifierGroup | undefined;
  groups: Groups;
  wishes: ModifierWish[];
  /** The option that has the focus first. */
  begin?: string | undefined;
  onChange: (wishes: ModifierWish[]) => void;
}) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const { group, groups, wishes } = props;
  if (group === undefined) return null;
  const rule =
    group.max == null
      ? group.min > 0
        ? t("choices.atLeast", { min: group.min })
        : t("choices.any")
      : group.min === group.max
        ? t("choices.exactly", { count: group.min })
        : group.min > 0
          ? t("choices.between", { min: group.min, max: group.max })
          : t("choices.atMost", { max: group.max });
  const step = (id: string, by: number) => props.onChange(change(group, wishes, id, by));
  const full = group.max != null && chosenIn(group, wishes) >= group.max;
  return (
    <fieldset className={styles.group}>
      <legend>
        {group.name} <small>{rule}</small>
      </legend>
      <div className={styles.options}>
        {group.modifiers.map((modifier) => {
          const wish = wishes.find((one) => one.modifier_id === modifier.id);
          const count = wish === undefined ? 0 : (wish.count ?? 1);
          return (
            <span key={modifier.id} className={styles.choice}>
              <button
                type="button"
                data-autofocus={modifier.id === props.begin || undefined}
                className={styles.option}
                aria-pressed={count > 0}
                disabled={!modifier.available || (count === 0 && full && group.max !== 1)}
                onClick={() => step(modifier.id, count > 0 ? -count : 1)}
              >
                <span>{count > 1 ? `${count} × ${modifier.name}` : modifier.name}</span>
                <small className="num">
                  {!modifier.available
                    ? t("picker.soldOut")
                    : modifier.price_minor === 0
                      ? ""
                      : `${modifier.price_minor > 0 ? "+" : ""}${money(modifier.price_minor)}`}
                </small>
              </button>
              {count > 0 && group.max !== 1 && (
                <span className={styles.stepper}>
                  <button
                    type="button"
                    aria-label={t("draft.less", { name: modifier.name })}
                    onClick={() => step(modifier.id, -1)}
                  >
                    <IconMinus size={14} />
                  </button>
                  <button
                    type="button"
                    aria-label={t("draft.more", { name: modifier.name })}
                    disabled={full}
                    onClick={() => step(modifier.id, 1)}
                  >
                    <IconPlus size={14} />
                  </button>
                </span>
              )}
            </span>
          );
        })}
      </div>
      {ofGroup(group, wishes).map((wish) => {
        const opens = group.modifiers.find((modifier) => modifier.id === wish.modifier_id)?.opens_group_id;
        return opens == null ? null : (
          <Group
            key={`${wish.modifier_id}-${opens}`}
            group={groups.get(opens)}
            groups={groups}
            wishes={wish.modifiers ?? []}
            onChange={(modifiers) =>
              props.onChange(
                wishes.map((one) => (one.modifier_id === wish.modifier_id ? { ...one, modifiers } : one)),
              )
            }
          />
        );
      })}
    </fieldset>
  );
}
