// The recovery codes, this once: to be copied or saved, and closed only by saying that they were kept.
import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../app/queries";
import { CopyButton, CopyStatus } from "../kit/CopyButton";
import { keepAs } from "../kit/download";
import { useCopy } from "../kit/useCopy";
import styles from "./second-factor.module.css";

export function KeepCodes(props: { codes: string[]; are: "first" | "renewed"; onKept: () => void }) {
  const { t } = useTranslation("second-factor");
  const email = useQuery(meQuery).data?.email ?? "";
  const list = useRef<HTMLUListElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [copied, copy] = useCopy(list);
  useEffect(() => button.current?.focus(), []);
  const text = props.codes.join("\n");
  const save = () =>
    void keepAs(
      "comanda-recovery-codes.txt",
      new Blob([`${t("codes.file", { email })}\n\n${text}\n`], { type: "text/plain" }),
    );
  return (
    <div className={styles.step}>
      <p className={styles.text}>{t(`codes.${props.are}`)}</p>
      <p className={styles.once}>{t("codes.once")}</p>
      <ul ref={list} className={styles.codes} aria-label={t("codes.label")}>
        {props.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="sm">
        <CopyButton ref={button} copied={copied} onCopy={() => void copy(text)} />
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={save}>
          {t("codes.save")}
        </Button>
        <CopyStatus copied={copied} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={props.onKept}>{t("codes.kept")}</Button>
      </Group>
    </div>
  );
}
