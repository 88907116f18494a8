// Handing over to a colleague: they enter their PIN, and what is done from then on is theirs.
import { Button, Modal } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { KeyCaps } from "../kit/KeyCaps";
import { say } from "../kit/notify";
import { useLock, useTakeOver } from "./at-till";
import styles from "./at-till.module.css";
import { PinPad } from "./PinPad";
import { useRestaurantId } from "./queries";

export default function SwitchPerson(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const rid = useRestaurantId();
  const lock = useLock();
  const take = useTakeOver((me) => {
    say(t("atTill.now", { name: me.name }));
    props.onClose();
  });
  return (
    <Modal opened onClose={props.onClose} title={t("atTill.title")} size="xs">
      <PinPad
        label={t("atTill.pin")}
        submit={t("atTill.take")}
        pending={take.isPending}
        error={take.error}
        onPin={(pin) => take.mutate({ restaurant_id: rid, pin })}
      />
      <div className={styles.under}>
        <p>{t("atTill.none")}</p>
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          leftSection={<IconLock size={14} />}
          rightSection={<KeyCaps keys="alt+l" />}
          loading={lock.isPending}
          onClick={() => lock.mutate(undefined, { onSuccess: props.onClose })}
        >
          {t("atTill.lock")}
        </Button>
      </div>
    </Modal>
  );
}
