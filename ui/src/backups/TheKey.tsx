// The key the backups are shut with: its recovery key, shown until it is written down, and a passphrase for who keeps none in a drawer.
import { Button, Group, Modal, PasswordInput, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
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
      // None: somebody else wrote it down meanwhile.
      setRecovery(answer.recovery_key ?? null);
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
      {recovery !== null && (
        <Written
          recovery={recovery}
          onClose={() => setRecovery(null)}
          onKept={(fresh) => {
            setRecovery(null);
            queryClient.setQueryData(backupsQuery(rid).queryKey, fresh);
          }}
        />
      )}
    </Panel>
  );
}

/** Seen is not kept: it counts when its end is read back from where it was written. */
function Written(props: { recovery: string; onClose: () => void; onKept: (fresh: BackupsOverview) => void }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const [typed, setTyped] = useState("");
  const confirm = useCommand({
    name: "backups.keyWritten",
    secret: true,
    run: (body: { last_groups: string }) =>
      ask<BackupsOverview>(
        api.POST("/api/v1/restaurants/{rid}/backups/key/confirm", { params: { path: { rid } }, body }),
      ),
    onDone: props.onKept,
  });
  return (
    // Beside it is no way out: what is being written down does not go by a slip.
    <Modal
      opened
      onClose={props.onClose}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      title={t("key.recovery")}
      size="lg"
    >
      <form
        className={styles.step}
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate({ last_groups: typed });
        }}
      >
        <p>{t("key.recoveryWhy")}</p>
        <code className={styles.recovery}>{props.recovery}</code>
        <TextInput
          label={t("key.proof")}
          placeholder="XXXX-XXXX"
          maxLength={200}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={typed}
          error={confirm.error === null ? undefined : errorText(confirm.error).why}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t("key.later")}
          </Button>
          <Button type="submit" disabled={typed.trim() === ""} loading={confirm.isPending}>
            {t("key.written")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
