// Asks before a key is nobody's any more, by its name.
import { Button, Group, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import { useFocusBack } from "../kit/useFocusBack";
import styles from "./api-keys.module.css";
import { type ApiKey, apiKeysQuery } from "./queries";

export function Revoke({ of, onClose }: { of: ApiKey; onClose: () => void }) {
  const { t } = useTranslation("api-keys");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const client = useQueryClient();
  useFocusBack();
  const revoke = useCommand({
    name: "api-keys.revoke",
    run: (key_id: string, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/api-keys/{key_id}", {
          params: { path: { rid, key_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      say(t("sure.done", { name: of.name }));
      client.setQueryData(
        apiKeysQuery(rid).queryKey,
        (keys) => keys && { ...keys, items: keys.items.filter((key) => key.id !== of.id) },
      );
      void client.invalidateQueries({ queryKey: ["api-keys", rid] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("sure.title", { name: of.name })}>
      <p className={styles.why}>{t("sure.text", { hint: of.hint })}</p>
      {revoke.error !== null && (
        <p role="alert" className={styles.problem}>
          {errorText(revoke.error).short}
        </p>
      )}
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {common("action.keep")}
        </Button>
        <Button color="bad" loading={revoke.isPending} onClick={() => revoke.mutate(of.id)}>
          {t("sure.revoke")}
        </Button>
      </Group>
    </Modal>
  );
}
