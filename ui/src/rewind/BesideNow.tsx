// The moment beside now: the figures of its business day as they stood, as they stand, and the difference.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { RewindCompared } from "../api/types";
import type { Rewound } from "../app/rewound";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { figures } from "./model";
import { comparedQuery } from "./queries";
import styles from "./rewind.module.css";

export function BesideNow({ moment }: { moment: Rewound }) {
  const { t } = useTranslation("rewind");
  const { dateTime } = useFormat();
  const query = useQuery(comparedQuery(moment.restaurantId, moment.view));
  return (
    <>
      <PageHead title={t("beside.title")} sub={t("beside.sub", { then: dateTime(moment.at_ms) })} />
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows />}>
          {(compared) => <Compared compared={compared} />}
        </Answer>
      </PageBody>
    </>
  );
}

function Compared({ compared }: { compared: RewindCompared }) {
  const { t } = useTranslation("rewind");
  const { money, count, dayLong } = useFormat();
  return (
    <>
      <p className={styles.since}>
        {compared.entries_since === 0
          ? t("beside.nothing")
          : t("beside.since", { count: compared.entries_since, entries: count(compared.entries_since) })}
      </p>
      <table className={`${styles.compared} num`}>
        <caption>{t("beside.caption", { day: dayLong(compared.business_date) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("beside.figure")}</th>
            <th scope="col">{t("beside.then")}</th>
            <th scope="col">{t("beside.now")}</th>
            <th scope="col">{t("beside.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {figures(compared).map((figure) => {
            const write = figure.isMoney ? money : count;
            const difference = figure.now - figure.then;
            return (
              <tr key={figure.key} data-key={figure.key}>
                <th scope="row">{t(`figure.${figure.key}`)}</th>
                <td>{write(figure.then)}</td>
                <td>{write(figure.now)}</td>
                <td data-moved={difference === 0 ? undefined : ""}>
                  {difference === 0 ? "–" : `${difference > 0 ? "+" : "−"}${write(Math.abs(difference))}`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
