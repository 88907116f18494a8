// The indexes of the file, folded away since there are many; how many statements of the recording go by each.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
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
        <div className={styles.scroll} role="region" aria-label={t("indexes.title")} tabIndex={0}>
          <table className="num">
            <thead>
              <tr>
                <th scope="col">{t("indexes.name")}</th>
                <th scope="col">{t("indexes.table")}</th>
                <th scope="col">{t("indexes.columns")}</th>
                <th scope="col">{t("indexes.usedBy")}</th>
              </tr>
            </thead>
            <tbody>
              {of.map((index) => (
                <tr key={index.name}>
                  <th scope="row">
                    <code>{index.name}</code>
                    {index.is_unique && <Pill dot={false}>{t("indexes.unique")}</Pill>}
                    {index.is_partial && <Pill dot={false}>{t("indexes.partial")}</Pill>}
                  </th>
                  <td>
                    <code>{index.table}</code>
                  </td>
                  <td>
                    <code>{index.columns.join(", ")}</code>
                  </td>
                  <td>
                    {index.used_by > 0 ? (
                      t("indexes.by", { count: index.used_by })
                    ) : (
                      <span className={styles.note}>{isRecorded ? t("indexes.notUsed") : "–"}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Panel>
  );
}
