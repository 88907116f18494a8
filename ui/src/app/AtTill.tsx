// In the top bar: who is at the till. Pressing it hands over to a colleague.
import { UnstyledButton } from "@mantine/core";
import { IconUserCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { KeyCaps } from "../kit/KeyCaps";
import styles from "./at-till.module.css";
import { meQuery } from "./queries";

export function AtTill(props: { onSwitch: () => void }) {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  if (me === undefined) return null;
  return (
    <UnstyledButton
      className={styles.at}
      onClick={props.onSwitch}
      aria-keyshortcuts="."
      title={t("atTill.switchWhy")}
    >
      <IconUserCircle size={16} stroke={1.7} aria-hidden />
      <span className="visually-hidden">{t("atTill.at")}</span>
      <b>{me.name}</b>
      <KeyCaps keys="." />
    </UnstyledButton>
  );
}
