// The drawer is opened for another reason than a sale: change for a guest, a key that is in it. The reason stays.
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import { useOpenDrawer } from "./commands";
import styles from "./till.module.css";

const REASON_MAX = 200;

export function OpenDrawer(props: { printer: string; onClose: () => void }) {
  const { t } = useTranslation("till");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const [reason, setReason] = useState("");
  const command = useOpenDrawer(() => {
    say(t("kick.done"));
    props.onClose();
  });
  const isReady = reason.trim() !== "";
  return (
    <Modal opened onClose={props.onClose} title={t("kick.title")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) command.mutate({ reason: reason.trim() });
        }}
      >
        <TextInput
          data-autofocus
          required
          label={t("kick.reason")}
          description={t("kick.text", { printer: props.printer })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          maxLength={REASON_MAX}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {command.error !== null && (
          <p className={styles.problem} role="alert">
            {errorText(command.error).short}
          </p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {common("action.keep")}
          </Button>
          <Button type="submit" disabled={!isReady} loading={command.isPending}>
            {t("kick.do")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
