// Puts this device into practice: what that means, and whether one goes on where others are.
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useErrorText } from "../kit/errorText";
import { practiceQuery, useBeginPractice } from "./practising";
import { useRestaurantId } from "./queries";
import styles from "./practice.module.css";

export default function BeginPractice(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const others = useQuery(practiceQuery(useRestaurantId())).data?.devices ?? 0;
  const begin = useBeginPractice(props.onClose);
  return (
    <Modal opened onClose={props.onClose} title={t("practice.heading")}>
      <Stack gap="md">
        <p className={styles.text}>{t("practice.text")}</p>
        <ul className={styles.points}>
          <li>{t("practice.nothing")}</li>
          <li>{t("practice.paper")}</li>
          <li>{t("practice.traced")}</li>
        </ul>
        {others > 0 && <p className={styles.text}>{t("practice.others", { count: others })}</p>}
        {begin.error !== null && (
          <p role="alert" className={styles.failed}>
            {errorText(begin.error).short}
          </p>
        )}
        <Group justify="flex-end">
          {others > 0 && (
            <Button
              variant="default"
              disabled={begin.isPending}
              onClick={() => begin.mutate({ afresh: true })}
            >
              {t("practice.beginAfresh")}
            </Button>
          )}
          <Button data-autofocus loading={begin.isPending} onClick={() => begin.mutate({ afresh: false })}>
            {t(others > 0 ? "practice.join" : "practice.begin")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
