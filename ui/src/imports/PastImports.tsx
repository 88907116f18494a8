// What was brought in before.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { More } from "../kit/More";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import styles from "./imports.module.css";
import { pastImportsQuery } from "./queries";

export function PastImports() {
  const { t } = useTranslation("imports");
  const { count, money, day, dateTime } = useFormat();
  const query = useInfiniteQuery(pastImportsQuery(useRestaurantId()));
  const dated = (date: string) => `${day(date)} ${date.slice(0, 4)}`;
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={2} />}>
      {(data) => {
        const past = data.pages.flatMap((page) => page.items);
        return (
          <Panel title={t("past.title")}>
            {past.length === 0 ? (
              <p className={styles.none}>{t("past.none")}</p>
            ) : (
              <ul className={styles.past}>
                {past.map((one) => (
                  <li key={one.id} className="num">
                    <span>
                      <b>{one.kind === "demo" ? t("past.demo") : one.name}</b>
                      <small>{t("past.by", { at: dateTime(one.at_ms), name: one.by_name })}</small>
                    </span>
                    <span>
                      {t("past.brought", {
                        count: one.orders,
                        shown: count(one.orders),
                        amount: money(one.total_minor),
                      })}
                      <small>
                        {t("past.dates", { from: dated(one.first_date), to: dated(one.last_date) })}
                        {one.skipped > 0 && ` · ${t("past.skipped", { count: one.skipped })}`}
                      </small>
                    </span>
                  </li>
                ))}
              </ul>
            )}
            <More of={query}>{t("past.more")}</More>
          </Panel>
        );
      }}
    </Answer>
  );
}
