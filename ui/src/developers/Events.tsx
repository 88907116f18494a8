// Every event a program may follow: when it is sent, what it says, and what a key has to be for to hear it.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../kit/Answer";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { Table } from "../kit/Table";
import styles from "./developers.module.css";
import { eventKindsQuery } from "./queries";

export function Events() {
  const { t } = useTranslation("developers");
  const query = useQuery(eventKindsQuery);
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={8} />}>
      {({ items }) => (
        <Panel title={t("events.title")} note={t("events.count", { count: items.length })}>
          <p className={styles.why}>{t("events.why")}</p>
          <Table
            label={t("events.title")}
            className={styles.table}
            rows={items}
            keyOf={({ name }) => name}
            stacks
            columns={[
              { head: t("events.name"), cell: ({ name }) => <code>{name}</code> },
              { head: t("events.when"), wraps: true, cell: ({ when }) => <span lang="en">{when}</span> },
              {
                head: t("events.fields"),
                wraps: true,
                cell: ({ fields }) => <code>{fields.join(", ")}</code>,
              },
              { head: t("events.permission"), cell: ({ permission }) => <code>{permission}</code> },
            ]}
          />
        </Panel>
      )}
    </Answer>
  );
}
