// What to do on the day something breaks, step by step, in the words of whoever stands there. To be printed too.
import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Table } from "../kit/Table";
import styles from "./runbooks.module.css";

const steps = ["reach", "bring", "signIn", "backups", "keys", "hands"] as const;
const sentences = ["other", "altered", "piece", "gap", "newer", "unplugged"] as const;

export function RunbooksPage() {
  const { t } = useTranslation("runbooks");
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
          {t("print")}
        </Button>
      </PageHead>
      <PageBody>
        <Panel title={t("died.title")}>
          <div className={styles.book}>
            <p>{t("died.needs")}</p>
            <ol>
              {steps.map((step) => (
                <li key={step}>
                  <b>{t(`died.steps.${step}.what`)}</b>
                  <p>{t(`died.steps.${step}.how`)}</p>
                </li>
              ))}
            </ol>
            <p role="note" className={styles.old}>
              {t("died.old")}
            </p>
            <h3>{t("died.said.title")}</h3>
            <Table
              label={t("died.said.title")}
              rows={sentences}
              keyOf={(one) => one}
              columns={[
                { head: t("died.said.sentence"), cell: (one) => t(`died.sentences.${one}.said`) },
                { head: t("died.said.means"), cell: (one) => t(`died.sentences.${one}.means`) },
              ]}
            />
          </div>
        </Panel>
      </PageBody>
    </>
  );
}
