import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Menu, MenuCategory } from "../api/types";
import styles from "./menu.module.css";
import { moved } from "./model";
import { useArrange } from "./moreCommands";

export function CategoryRail(props: {
  menu: Menu;
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
  onEdit: ((category: MenuCategory) => void) | null;
}) {
  const { t } = useTranslation("menu");
  const { menu, chosen, onEdit } = props;
  const arrange = useArrange();
  const total = menu.categories.reduce((sum, category) => sum + category.items.length, 0);
  const place = menu.categories.findIndex((category) => category.id === chosen);
  const move = (step: number) => {
    const order = moved(
      menu.categories.map((category) => category.id),
      place,
      step,
    );
    if (order !== null) arrange.mutate({ category_ids: order });
  };
  return (
    <nav className={styles.side} aria-label={t("category.list")}>
      <button
        type="button"
        data-on={chosen === undefined ? "" : undefined}
        onClick={() => props.onChoose(undefined)}
      >
        <span>{t("category.all")}</span>
        <b className="num">{total}</b>
      </button>
      {menu.categories.map((category, index) => (
        <div key={category.id} className={styles.sideRow} data-on={chosen === category.id ? "" : undefined}>
          <button
            type="button"
            aria-current={chosen === category.id ? "true" : undefined}
            data-on={chosen === category.id ? "" : undefined}
            onClick={() => props.onChoose(category.id)}
          >
            {category.colour != null && (
              <i className={styles.dot} data-colour={category.colour} aria-hidden />
            )}
            <span>{category.name}</span>
            <b className="num">{category.items.length}</b>
          </button>
          {chosen === category.id && onEdit !== null && (
            <div className={styles.sideTools}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                disabled={index === 0}
                aria-label={t("category.up", { name: category.name })}
                onClick={() => move(-1)}
              >
                <IconChevronUp size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                disabled={index === menu.categories.length - 1}
                aria-label={t("category.down", { name: category.name })}
                onClick={() => move(1)}
              >
                <IconChevronDown size={14} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("category.edit", { name: category.name })}
                onClick={() => onEdit(category)}
              >
                <IconPencil size={14} />
              </ActionIcon>
            </div>
          )}
        </div>
      ))}
    </nav>
  );
}
