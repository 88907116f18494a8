// Every code a program may get for an answer, as the contract lists them.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../kit/Answer";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
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
          <table className={`${styles.table} ${styles.errors} num`}>
            <thead>
              <tr>
                <th scope="col">{t("errors.code")}</th>
                <th scope="col">{t("errors.status")}</th>
                <th scope="col">{t("errors.sentence")}</th>
              </tr>
            </thead>
            <tbody>
              {errors.map(({ code, status, message }) => (
                <tr key={code}>
                  <th scope="row">
                    <code>{code}</code>
                  </th>
                  <td>{status}</td>
                  <td lang="en">{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </Answer>
  );
}
