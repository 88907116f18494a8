// The indexes of the file, folded away since there are many; how many statements of the recording go by each.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { Table } from "../kit/Table";
import styles from "./queries.module.css";
import type { DatabaseIndex } from "./queries";

export function Indexes({ of, isRecorded }: { of: DatabaseIndex[]; isRecorded: boolean }) {
  const { t } = useTranslation("queries");
  const { count } = useFormat();
  const used = of.filter((index) => index.used_by > 0).length;
  return (
    <Panel
      title={t("indexes.title")}
      note={
        isRecorded ? t("indexes.used", { used: count(used), all: count(of.length) }) : t("indexes.unknown")
      }
    >
      <details className={styles.indexes}>
        <summary>{t("indexes.show", { count: of.length })}</summary>
        <Table
          label={t("indexes.title")}
          rows={of}
          keyOf={(index) => index.name}
          stacks
          columns={[
            {
              head: t("indexes.name"),
              cell: (index) => (
                <>
                  <code>{index.name}</code>
                  {index.is_unique && <Pill dot={false}>{t("indexes.unique")}</Pill>}
                  {index.is_partial && <Pill dot={false}>{t("indexes.partial")}</Pill>}
                </>
              ),
            },
            { head: t("indexes.table"), cell: (index) => <code>{index.table}</code> },
            {
              head: t("indexes.columns"),
              wraps: true,
              cell: (index) => <code>{index.columns.join(", ")}</code>,
            },
            {
              head: t("indexes.usedBy"),
              cell: (index) =>
                index.used_by > 0 ? (
                  t("indexes.by", { count: index.used_by })
                ) : (
                  <span className={styles.note}>{isRecorded ? t("indexes.notUsed") : "–"}</span>
                ),
            },
          ]}
        />
      </details>
    </Panel>
  );
}
