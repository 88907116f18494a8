// Every event a program may follow: when it is sent, what it says, and what a key has to be for to hear it.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../kit/Answer";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
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
          <table className={`${styles.table} ${styles.events}`}>
            <thead>
              <tr>
                <th scope="col">{t("events.name")}</th>
                <th scope="col">{t("events.when")}</th>
                <th scope="col">{t("events.fields")}</th>
                <th scope="col">{t("events.permission")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ name, when, fields, permission }) => (
                <tr key={name}>
                  <th scope="row">
                    <code>{name}</code>
                  </th>
                  <td lang="en">{when}</td>
                  <td data-column={t("events.fields")}>
                    <code>{fields.join(", ")}</code>
                  </td>
                  <td data-column={t("events.permission")}>
                    <code>{permission}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </Answer>
  );
}
