// Where a file is dropped, or chosen by hand or key.
import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../kit/keys";
import { useFileDrop } from "../kit/useFileDrop";
import styles from "./imports.module.css";
import { isSalesFile } from "./mapping";

export function DropZone(props: { onFile: (file: File) => void }) {
  const { t } = useTranslation("imports");
  const [refused, setRefused] = useState<string | null>(null);
  const accept = ".csv,.gz,.txt,.tsv,text/csv,application/gzip";
  const drop = useFileDrop(accept, t("drop.choose"), (file) => {
    if (isSalesFile(file.name)) props.onFile(file);
    else setRefused(file.name);
  });
  useKeys([{ keys: "o", label: t("drop.choose"), group: t("title"), run: drop.open }]);
  return (
    <div className={styles.drop} {...drop.area}>
      <span className={styles.dropIcon} aria-hidden>
        <IconFileImport size={24} stroke={1.6} />
      </span>
      <div>
        <h2>{t("drop.title")}</h2>
        <p>{t("drop.text")}</p>
        <p>{t("drop.columns")}</p>
      </div>
      <Button size="md" onClick={drop.open} aria-keyshortcuts="o">
        {t("drop.choose")}
      </Button>
      {drop.input}
      {refused !== null && (
        <p className={styles.refused} role="alert">
          {t("drop.refused", { name: refused })}
        </p>
      )}
    </div>
  );
}
