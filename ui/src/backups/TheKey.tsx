// The key the backups are shut with: its recovery key, shown once, and a passphrase for who keeps none in a drawer.
import { Button, Group, Modal, PasswordInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupsOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useComplain, say } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import styles from "./backups.module.css";
import { backupsQuery } from "./queries";

const PASSPHRASE_MIN = 12;

export function TheKey({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const may = useMay();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [recovery, setRecovery] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const refresh = () => queryClient.invalidateQueries({ queryKey: backupsQuery(rid).queryKey });
  const show = useCommand<{ at: number }, { recovery_key?: string | null }>({
    name: "backups.key",
    run: () =>
      ask<{ recovery_key?: string | null }>(
        api.POST("/api/v1/restaurants/{rid}/backups/key", { params: { path: { rid } } }),
      ),
    onDone: (answer) => {
      // Asked twice, the second answer has none: what is being read stays.
      setRecovery((shown) => answer.recovery_key ?? shown);
      void refresh();
    },
    onFailed: useComplain(),
  });
  const set = useCommand({
    name: "backups.passphrase",
    secret: true,
    run: (body: { passphrase: string }) =>
      ask<BackupsOverview>(
        api.PUT("/api/v1/restaurants/{rid}/backups/key/passphrase", { params: { path: { rid } }, body }),
      ),
    onDone: (fresh) => {
      setPassphrase("");
      say(t("key.set"));
      queryClient.setQueryData(backupsQuery(rid).queryKey, fresh);
    },
  });
  const isShown = recovery !== null;
  useBlocker({ shouldBlockFn: () => isShown, enableBeforeUnload: isShown });
  const { key } = overview;
  return (
    <Panel
      title={t("key.title")}
      note={
        <Pill tone={key.seen || key.passphrase ? "ok" : "warn"}>
          {t(key.seen ? "key.seen" : "key.unseen")}
        </Pill>
      }
    >
      <div className={styles.form}>
        <p>{t("key.why")}</p>
        {key.place != null && (
          <p
            className={styles.keyPlace}
            data-place={key.place}
            role={key.place === "key_store" ? undefined : "note"}
          >
            {t(`key.place.${key.place}`)}
          </p>
        )}
        {may("backups.write") && (
          <>
            {!key.seen && (
              <Group>
                <Button
                  leftSection={<IconKey size={16} />}
                  loading={show.isPending}
                  onClick={() => show.mutate({ at: overview.now_ms })}
                >
                  {t("key.show")}
                </Button>
              </Group>
            )}
            <form
              className={styles.passphrase}
              onSubmit={(event) => {
                event.preventDefault();
                set.mutate({ passphrase });
              }}
            >
              <PasswordInput
                label={t("key.passphrase")}
                description={t(key.passphrase ? "key.passphraseThere" : "key.passphraseWhy", {
                  count: PASSPHRASE_MIN,
                })}
                inputWrapperOrder={["label", "description", "input", "error"]}
                autoComplete="new-password"
                value={passphrase}
                error={set.error === null ? undefined : errorText(set.error).why}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
              />
              <Button
                type="submit"
                variant="default"
                disabled={passphrase.length < PASSPHRASE_MIN}
                loading={set.isPending}
              >
                {t("key.setNow")}
              </Button>
            </form>
          </>
        )}
      </div>
      {/* It is not shown again, so nothing but the word that it is written down takes it away. */}
      <Modal
        opened={recovery !== null}
        onClose={() => setRecovery(null)}
        closeOnEscape={false}
        closeOnClickOutside={false}
        withCloseButton={false}
        title={t("key.recovery")}
        size="lg"
      >
        <div className={styles.step}>
          <p>{t("key.recoveryWhy")}</p>
          <code className={styles.recovery}>{recovery}</code>
          <Group justify="flex-end">
            <Button onClick={() => setRecovery(null)}>{t("key.written")}</Button>
          </Group>
        </div>
      </Modal>
    </Panel>
  );
}
