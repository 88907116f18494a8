// A key, this once: to be copied, and how a program shows it.
import { Button, Group } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useCopy } from "../kit/useCopy";
import styles from "./api-keys.module.css";
import type { MadeApiKey } from "./queries";

export function MadeKey({ made, onClose }: { made: MadeApiKey; onClose: () => void }) {
  const { t } = useTranslation("api-keys");
  const { t: common } = useTranslation();
  const text = useRef<HTMLOutputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [copied, copy] = useCopy(text);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className={styles.form}>
      <p className={styles.once}>{t("made.once")}</p>
      <output ref={text} className={styles.key} aria-label={t("made.label")}>
        {made.key}
      </output>
      <p className={styles.why}>{t("made.how")}</p>
      <p role="status" className={copied === "by_hand" ? styles.why : "visually-hidden"}>
        {copied !== null && t(copied === "yes" ? "made.copied" : "made.byHand")}
      </p>
      <Group gap="sm" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {common("action.close")}
        </Button>
        <Button
          ref={button}
          leftSection={copied === "yes" ? <IconCheck size={15} /> : <IconCopy size={15} />}
          onClick={() => void copy(made.key)}
        >
          {t(copied === "yes" ? "made.copied" : "made.copy")}
        </Button>
      </Group>
    </div>
  );
}
