// How a tablet comes to trust this house: the authority's certificate, and its fingerprint to compare.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { engineOrigin } from "../api/client";
import { Panel } from "../kit/Page";
import styles from "./house.module.css";
import { inLines } from "./model";

export function Trust({ fingerprint }: { fingerprint: string }) {
  const { t } = useTranslation("house");
  return (
    <Panel title={t("trust.title")}>
      <div className={styles.trust}>
        <p>{t("trust.get")}</p>
        <p>{t("trust.install")}</p>
        <p>{t("trust.compare")}</p>
        <pre className={styles.fingerprint} aria-label={t("trust.fingerprint")}>
          {inLines(fingerprint).join("\n")}
        </pre>
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={15} />}
          href={`${engineOrigin()}/api/v1/house/authority`}
          download
        >
          {t("trust.download")}
        </Button>
        <small>{t("trust.only")}</small>
      </div>
    </Panel>
  );
}
