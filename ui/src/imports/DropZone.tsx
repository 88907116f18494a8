// Where a file is dropped, or chosen by hand or key.
import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "../kit/keys";
import styles from "./imports.module.css";
import { isSalesFile } from "./mapping";

export function DropZone(props: { onFile: (file: File) => void }) {
  const { t } = useTranslation("imports");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    if (isSalesFile(file.name)) props.onFile(file);
    else setRefused(file.name);
  };
  const open = () => input.current?.click();
  useKeys([{ keys: "o", label: t("drop.choose"), group: t("title"), run: open }]);
  return (
    <div
      className={styles.drop}
      data-over={isOver ? "" : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      <span className={styles.dropIcon} aria-hidden>
        <IconFileImport size={24} stroke={1.6} />
      </span>
      <div>
        <h2>{t("drop.title")}</h2>
        <p>{t("drop.text")}</p>
        <p>{t("drop.columns")}</p>
      </div>
      <Button size="md" onClick={open} aria-keyshortcuts="o">
        {t("drop.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.gz,.txt,.tsv,text/csv,application/gzip"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t("drop.choose")}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      {refused !== null && (
        <p className={styles.refused} role="alert">
          {t("drop.refused", { name: refused })}
        </p>
      )}
    </div>
  );
}
