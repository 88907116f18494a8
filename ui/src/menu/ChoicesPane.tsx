// The groups of modifiers: what each asks for, and its choices; a press on a choice marks it sold out or back.
import { Button } from "@mantine/core";
import { IconCornerDownRight, IconListCheck, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Menu, ModifierGroup } from "../api/types";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { EmptyState } from "../kit/States";
import styles from "./editor.module.css";
import { GroupForm } from "./GroupForm";
import { useSetModifierAvailable } from "./moreCommands";

export function ChoicesPane({ menu }: { menu: Menu }) {
  const { t } = useTranslation("menu");
  const may = useMay();
  const canWrite = may("menu.write");
  const [open, setOpen] = useState<{ group: ModifierGroup | null } | null>(null);
  const add = () => setOpen({ group: null });
  useKeys(canWrite ? [{ keys: "n", label: t("choices.add"), group: t("title"), run: add }] : []);
  const form = open !== null && (
    <GroupForm
      key={open.group?.id ?? "new"}
      group={open.group}
      groups={menu.modifier_groups}
      onClose={() => setOpen(null)}
    />
  );
  if (menu.modifier_groups.length === 0) {
    return (
      <>
        <EmptyState icon={IconListCheck} title={t("choices.emptyTitle")} text={t("choices.emptyText")}>
          {canWrite && <Button onClick={add}>{t("choices.add")}</Button>}
        </EmptyState>
        {form}
      </>
    );
  }
  const items = menu.categories.flatMap((category) => category.items);
  return (
    <div className={styles.cards}>
      {menu.modifier_groups.map((group) => (
        <GroupCard
          key={group.id}
          group={group}
          menu={menu}
          usedBy={items.filter((item) => item.group_ids.includes(group.id)).length}
          onEdit={canWrite ? () => setOpen({ group }) : null}
        />
      ))}
      {canWrite && (
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={15} />}
            rightSection={<KeyCaps keys="n" />}
            onClick={add}
          >
            {t("choices.add")}
          </Button>
        </div>
      )}
      {form}
    </div>
  );
}

function GroupCard(props: { group: ModifierGroup; menu: Menu; usedBy: number; onEdit: (() => void) | null }) {
  const { t } = useTranslation("menu");
  const { money } = useFormat();
  const may = useMay();
  const toggle = useSetModifierAvailable();
  const { group, menu } = props;
  const rule = useRule();
  return (
    <section className={styles.card} aria-label={group.name}>
      <div className={styles.cardHead}>
        <div>
          <h2>{group.name}</h2>
          <p className={styles.lite}>
            {rule(group.min, group.max ?? null)} · {t("choices.usedBy", { count: props.usedBy })}
          </p>
        </div>
        {props.onEdit !== null && (
          <Button
            variant="default"
            size="xs"
            aria-label={t("item.edit", { name: group.name })}
            onClick={props.onEdit}
          >
            {t("choices.edit")}
          </Button>
        )}
      </div>
      <ul className={styles.choices}>
        {group.modifiers.map((choice) => {
          const opens = menu.modifier_groups.find((other) => other.id === choice.opens_group_id);
          const words = (
            <>
              <b>{choice.name}</b>
              {choice.price_minor !== 0 && (
                <small className="num">
                  {choice.price_minor > 0 ? "+" : ""}
                  {money(choice.price_minor)}
                </small>
              )}
              {opens !== undefined && (
                <small>
                  <IconCornerDownRight size={12} aria-hidden /> {opens.name}
                </small>
              )}
              {!choice.available && <small>{t("soldOut")}</small>}
            </>
          );
          return (
            <li key={choice.id}>
              {may("menu.available") ? (
                <button
                  type="button"
                  data-gone={choice.available ? undefined : ""}
                  aria-pressed={!choice.available}
                  title={t(choice.available ? "choices.pressGone" : "choices.pressBack")}
                  onClick={() =>
                    toggle.mutate({
                      group_id: group.id,
                      modifier_id: choice.id,
                      available: !choice.available,
                    })
                  }
                >
                  {words}
                </button>
              ) : (
                <span data-gone={choice.available ? undefined : ""}>{words}</span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What a group asks for, in words. */
export function useRule(): (min: number, max: number | null) => string {
  const { t } = useTranslation("menu");
  return (min, max) => {
    if (max !== null && min === max) return t("rule.exactly", { count: min });
    if (max === null) return min === 0 ? t("rule.any") : t("rule.atLeast", { count: min });
    return min === 0 ? t("rule.atMost", { count: max }) : t("rule.between", { min, max });
  };
}
