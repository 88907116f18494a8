// The moment beside now: the figures of its business day as they stood, as they stand, and the difference.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { RewindCompared } from "../api/types";
import type { Rewound } from "../app/rewound";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { Table } from "../kit/Table";
import { type Figure, figures } from "./model";
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
  const write = ({ isMoney }: Figure, value: number) => (isMoney ? money(value) : count(value));
  const difference = (figure: Figure) => {
    const by = figure.now - figure.then;
    return by === 0 ? "–" : <b>{`${by > 0 ? "+" : "−"}${write(figure, Math.abs(by))}`}</b>;
  };
  return (
    <>
      <p className={styles.since}>
        {compared.entries_since === 0
          ? t("beside.nothing")
          : t("beside.since", { count: compared.entries_since, entries: count(compared.entries_since) })}
      </p>
      <Panel
        title={t("beside.caption", { day: dayLong(compared.business_date) })}
        className={styles.compared}
      >
        <Table
          label={t("beside.title")}
          rows={figures(compared)}
          keyOf={(figure) => figure.key}
          lookOf={(figure) => (figure.key === "gross" ? "strong" : undefined)}
          columns={[
            { head: t("beside.figure"), cell: (figure) => t(`figure.${figure.key}`) },
            {
              head: t("beside.then"),
              isNumber: true,
              cell: (figure) => <span className={styles.then}>{write(figure, figure.then)}</span>,
            },
            { head: t("beside.now"), isNumber: true, cell: (figure) => write(figure, figure.now) },
            { head: t("beside.difference"), isNumber: true, cell: difference },
          ]}
        />
      </Panel>
    </>
  );
}
