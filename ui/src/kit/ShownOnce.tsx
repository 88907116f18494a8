// A secret, this once: to be copied, and what it is for.
import { Button, Group } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton, CopyStatus } from "./CopyButton";
import styles from "./kit.module.css";
import { useCopy } from "./useCopy";

export function ShownOnce(props: { secret: string; label: string; how: string; onClose: () => void }) {
  const { t } = useTranslation();
  const text = useRef<HTMLOutputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [copied, copy] = useCopy(text);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className={styles.shownOnce}>
      <p>
        <strong>{t("shownOnce.once")}</strong>
      </p>
      <output ref={text} aria-label={props.label}>
        {props.secret}
      </output>
      <p>{props.how}</p>
      <CopyStatus copied={copied} />
      <Group gap="sm" justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t("action.close")}
        </Button>
        <CopyButton ref={button} variant="filled" copied={copied} onCopy={() => void copy(props.secret)} />
      </Group>
    </div>
  );
}
