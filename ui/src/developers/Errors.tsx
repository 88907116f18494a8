// Every code a program may get for an answer, as the contract lists them.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../kit/Answer";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { Table } from "../kit/Table";
import styles from "./developers.module.css";
import { errorsQuery } from "./queries";

export function Errors() {
  const { t } = useTranslation("developers");
  const query = useQuery(errorsQuery);
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={8} />}>
      {(errors) => (
        <Panel title={t("errors.title")} note={t("errors.count", { count: errors.length })}>
          <p className={styles.why}>{t("errors.why")}</p>
          <Table
            label={t("errors.title")}
            className={styles.table}
            rows={errors}
            keyOf={({ code }) => code}
            stacks
            columns={[
              { head: t("errors.code"), cell: ({ code }) => <code>{code}</code> },
              { head: t("errors.status"), wraps: true, cell: ({ status }) => status },
              {
                head: t("errors.sentence"),
                wraps: true,
                cell: ({ message }) => <span lang="en">{message}</span>,
              },
            ]}
          />
        </Panel>
      )}
    </Answer>
  );
}
