// The price lists: when each holds, in words, and whether it does now.
import { Button } from "@mantine/core";
import { IconClock, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Menu, PriceList } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import styles from "./editor.module.css";
import { clockOf } from "./model";
import { PriceListForm } from "./PriceListForm";
import { menuNowQuery, priceListsQuery } from "./queries";

export function PricesPane({ menu }: { menu: Menu }) {
  const query = useQuery(priceListsQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={4} />}>
      {({ price_lists }) => <Lists menu={menu} lists={price_lists} />}
    </Answer>
  );
}

function Lists({ menu, lists }: { menu: Menu; lists: PriceList[] }) {
  const { t } = useTranslation("menu");
  const canWrite = useMay()("menu.write");
  const now = useQuery(menuNowQuery(useRestaurantId())).data;
  const when = useWhen();
  const [open, setOpen] = useState<{ list: PriceList | null } | null>(null);
  const add = () => setOpen({ list: null });
  useKeys(canWrite ? [{ keys: "n", label: t("lists.add"), group: t("title"), run: add }] : []);
  const form = open !== null && (
    <PriceListForm key={open.list?.id ?? "new"} list={open.list} menu={menu} onClose={() => setOpen(null)} />
  );
  if (lists.length === 0) {
    return (
      <>
        <EmptyState icon={IconClock} title={t("lists.emptyTitle")} text={t("lists.emptyText")}>
          {canWrite && <Button onClick={add}>{t("lists.add")}</Button>}
        </EmptyState>
        {form}
      </>
    );
  }
  return (
    <div className={styles.cards}>
      {lists.map((list) => (
        <section key={list.id} className={styles.card} aria-label={list.name}>
          <div className={styles.cardHead}>
            <div>
              <h2>{list.name}</h2>
              <p className={`${styles.lite} num`}>
                {when(list)} · {t("lists.prices", { count: list.prices.length })}
                {list.priority !== 0 && ` · ${t("lists.priorityIs", { n: list.priority })}`}
              </p>
            </div>
            {list.paused ? (
              <Pill>{t("lists.paused")}</Pill>
            ) : (
              now?.prices.some((price) => price.price_list_id === list.id) === true && (
                <Pill tone="ok">{t("lists.now")}</Pill>
              )
            )}
            {canWrite && (
              <Button
                variant="default"
                size="xs"
                aria-label={t("item.edit", { name: list.name })}
                onClick={() => setOpen({ list })}
              >
                {t("choices.edit")}
              </Button>
            )}
          </div>
        </section>
      ))}
      {canWrite && (
        <div>
          <Button
            variant="default"
            leftSection={<IconPlus size={15} />}
            rightSection={<KeyCaps keys="n" />}
            onClick={add}
          >
            {t("lists.add")}
          </Button>
        </div>
      )}
      {form}
    </div>
  );
}

/** 1 Monday to 7 Sunday, as the language abbreviates it. */
export function useDayNames(): string[] {
  const { i18n } = useTranslation();
  const name = new Intl.DateTimeFormat(i18n.language, { weekday: "short", timeZone: "UTC" });
  // The 1st of January 2024 is a Monday.
  return Array.from({ length: 7 }, (_, day) => name.format(Date.UTC(2024, 0, 1 + day)));
}

function useWhen(): (list: PriceList) => string {
  const { t } = useTranslation("menu");
  const names = useDayNames();
  return (list) => {
    const days =
      list.days.length === 0 ? t("lists.everyDay") : list.days.map((day) => names[day - 1]).join(", ");
    const hours =
      list.from_minute == null || list.to_minute == null
        ? t("lists.allDay")
        : `${clockOf(list.from_minute)}–${clockOf(list.to_minute)}`;
    const dates = [
      list.from_date == null ? "" : t("lists.since", { date: list.from_date }),
      list.to_date == null ? "" : t("lists.until", { date: list.to_date }),
    ];
    return [days, hours, ...dates.filter((text) => text !== "")].join(" · ");
  };
}
