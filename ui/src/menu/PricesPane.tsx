// The price lists: when each holds, in words, and whether it does now.
import { IconClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Menu, PriceList } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { dateOf } from "../kit/days";
import { useFormat } from "../kit/format";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { Cards } from "./Cards";
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
  const now = useQuery(menuNowQuery(useRestaurantId())).data;
  const when = useWhen();
  return (
    <Cards
      items={lists}
      add={t("lists.add")}
      empty={{ icon: IconClock, title: t("lists.emptyTitle"), text: t("lists.emptyText") }}
      card={(list, edit) => (
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
          {edit}
        </div>
      )}
      form={(list, onClose) => <PriceListForm list={list} menu={menu} onClose={onClose} />}
    />
  );
}

function useWhen(): (list: PriceList) => string {
  const { t } = useTranslation("menu");
  const { weekday } = useFormat();
  return (list) => {
    const days =
      list.days.length === 0 ? t("lists.everyDay") : list.days.map((day) => weekday(dateOf(day))).join(", ");
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
