// The float: what lies in the drawer before the first guest pays.
import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { useOpenTill } from "./commands";
import { type Counted, CountField } from "./CountField";
import styles from "./till.module.css";

export function OpenTill(props: { opened: boolean; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation("till");
  const { t: common } = useTranslation();
  const { money } = useFormat();
  const errorText = useErrorText();
  const [float, setFloat] = useState<Counted | null>(null);
  const command = useOpenTill(() => {
    setFloat(null);
    props.onDone();
  });
  const ready = float !== null && float.minor >= 0;
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t("open.title")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) command.mutate(float);
        }}
      >
        <p className={styles.says}>{t("open.text")}</p>
        <CountField
          label={t("open.float")}
          description={t("open.floatWhy")}
          value={float}
          onChange={setFloat}
          error={command.error === null ? undefined : errorText(command.error).short}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {common("action.keep")}
          </Button>
          <Button type="submit" disabled={!ready} loading={command.isPending}>
            {ready ? t("open.confirm", { amount: money(float.minor) }) : t("open.title")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
