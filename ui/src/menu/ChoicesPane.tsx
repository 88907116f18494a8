// The groups of modifiers: what each asks for, and its choices; a press on a choice marks it sold out or back.
import { IconCornerDownRight, IconListCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Menu, ModifierGroup } from "../api/types";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { Cards } from "./Cards";
import styles from "./editor.module.css";
import { GroupForm } from "./GroupForm";
import { useSetModifierAvailable } from "./moreCommands";

export function ChoicesPane({ menu }: { menu: Menu }) {
  const { t } = useTranslation("menu");
  const items = menu.categories.flatMap((category) => category.items);
  return (
    <Cards
      items={menu.modifier_groups}
      add={t("choices.add")}
      empty={{ icon: IconListCheck, title: t("choices.emptyTitle"), text: t("choices.emptyText") }}
      card={(group, edit) => (
        <GroupCard
          group={group}
          menu={menu}
          usedBy={items.filter((item) => item.group_ids.includes(group.id)).length}
          edit={edit}
        />
      )}
      form={(group, onClose) => <GroupForm group={group} groups={menu.modifier_groups} onClose={onClose} />}
    />
  );
}

function GroupCard(props: { group: ModifierGroup; menu: Menu; usedBy: number; edit: ReactNode }) {
  const { t } = useTranslation("menu");
  const { money } = useFormat();
  const may = useMay();
  const toggle = useSetModifierAvailable();
  const { group, menu } = props;
  const rule = useRule();
  return (
    <>
      <div className={styles.cardHead}>
        <div>
          <h2>{group.name}</h2>
          <p className={styles.lite}>
            {rule(group.min, group.max ?? null)} · {t("choices.usedBy", { count: props.usedBy })}
          </p>
        </div>
        {props.edit}
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
    </>
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
