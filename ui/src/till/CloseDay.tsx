// The Z: closes the business day for good and numbers its report. It is always possible; what is open is handed over.
import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Till, ZReport } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { useCloseDay } from "./commands";
import styles from "./till.module.css";

export function CloseDay(props: {
  till: Till;
  opened: boolean;
  onClose: () => void;
  onDone: (report: ZReport) => void;
}) {
  const { t } = useTranslation("till");
  const { t: common } = useTranslation();
  const { money, dayLong } = useFormat();
  const errorText = useErrorText();
  const { till } = props;
  const command = useCloseDay((report) => {
    props.onClose();
    props.onDone(report);
  });
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t("day.of", { day: dayLong(till.business_date) })}
    >
      <div className={styles.form}>
        <p className={`${styles.says} num`}>
          {t("day.text", { count: till.x.orders, amount: money(till.x.gross_minor) })}
        </p>
        <p className={styles.says}>
          {till.open_orders > 0 ? t("day.open", { count: till.open_orders }) : t("day.noneOpen")}
        </p>
        {command.error !== null && (
          <p className={styles.problem} role="alert">
            {errorText(command.error).short}
          </p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {common("action.keep")}
          </Button>
          <Button
            data-autofocus
            loading={command.isPending}
            onClick={() => command.mutate({ business_date: till.business_date })}
          >
            {t("day.title")}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
