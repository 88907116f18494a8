import { Button, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import type { Copied } from "../kit/useCopy";
import styles from "./second-factor.module.css";

export function CopyButton(
  props: ButtonProps & { copied: Copied; label: string; onCopy: () => void; ref?: Ref<HTMLButtonElement> },
) {
  const { copied, label, onCopy, ...rest } = props;
  const { t } = useTranslation("second-factor");
  return (
    <Button
      variant="default"
      leftSection={copied === "yes" ? <IconCheck size={15} /> : <IconCopy size={15} />}
      onClick={onCopy}
      {...rest}
    >
      {copied === "yes" ? t("copy.done") : label}
    </Button>
  );
}

/** What became of the press, also for who does not see the button change. */
export function CopyStatus({ copied }: { copied: Copied }) {
  const { t } = useTranslation("second-factor");
  return (
    <span role="status" className={styles.text}>
      {copied === "by_hand" && t("copy.byHand")}
      <span className="visually-hidden">{copied === "yes" && t("copy.done")}</span>
    </span>
  );
}
