// On: since when, and how many recovery codes are left.
import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import styles from "./second-factor.module.css";

/** With fewer recovery codes it is time for new ones. */
const FEW = 3;

export function Standing(props: {
  since_ms: number;
  left: number;
  onProve: (what: "renew" | "end") => void;
}) {
  const { since_ms, left, onProve } = props;
  const { t } = useTranslation("second-factor");
  const { date } = useFormat();
  return (
    <div className={styles.step}>
      <div>
        <p className={styles.since}>{t("on.since", { at: date(since_ms) })}</p>
        <p className={styles.text}>{t("on.what")}</p>
      </div>
      {left < FEW ? (
        <p className={styles.few}>{left === 0 ? t("on.none") : t("on.few", { count: left })}</p>
      ) : (
        <p className={styles.text}>{t("on.left", { count: left })}</p>
      )}
      <Group justify="space-between" gap="sm">
        <Button variant="subtle" color="bad" onClick={() => onProve("end")}>
          {t("on.end")}
        </Button>
        <Button
          autoFocus
          data-autofocus
          variant={left < FEW ? "filled" : "default"}
          onClick={() => onProve("renew")}
        >
          {t("on.renew")}
        </Button>
      </Group>
    </div>
  );
}
