// A button that copies, and what became of the press, also for who does not see the button change.
import { Button, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import styles from "./kit.module.css";
import type { Copied } from "./useCopy";

export function CopyButton(
  props: ButtonProps & {
    copied: Copied;
    /** Where several stand on one page. */
    "aria-label"?: string;
    label?: string;
    onCopy: () => void;
    ref?: Ref<HTMLButtonElement>;
  },
) {
  const { copied, label, onCopy, ...rest } = props;
  const { t } = useTranslation();
  return (
    <Button
      variant="default"
      leftSection={copied === "yes" ? <IconCheck size={15} /> : <IconCopy size={15} />}
      onClick={onCopy}
      {...rest}
    >
      {copied === "yes" ? t("copy.done") : (label ?? t("copy.copy"))}
    </Button>
  );
}

export function CopyStatus({ copied }: { copied: Copied }) {
  const { t } = useTranslation();
  return (
    <span role="status" className={copied === "by_hand" ? styles.copied : "visually-hidden"}>
      {copied !== null && t(copied === "yes" ? "copy.done" : "copy.byHand")}
    </span>
  );
}
