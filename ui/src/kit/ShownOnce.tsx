// A secret, this once: to be copied, and what it is for.
import { Button, Group } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
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
      <p role="status" className={copied === "by_hand" ? undefined : "visually-hidden"}>
        {copied !== null && t(copied === "yes" ? "shownOnce.copied" : "shownOnce.byHand")}
      </p>
      <Group gap="sm" justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t("action.close")}
        </Button>
        <Button
          ref={button}
          leftSection={copied === "yes" ? <IconCheck size={15} /> : <IconCopy size={15} />}
          onClick={() => void copy(props.secret)}
        >
          {t(copied === "yes" ? "shownOnce.copied" : "shownOnce.copy")}
        </Button>
      </Group>
    </div>
  );
}
