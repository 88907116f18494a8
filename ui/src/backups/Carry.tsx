// One file to carry by hand: written and downloaded, or brought here and made ready as any moment is.
import { Button, Group, Modal, PasswordInput, TextInput } from "@mantine/core";
import { IconFileExport, IconFileImport } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { asApiError } from "../api/errors";
import type { BackupFile, BackupRun, BackupsOverview, Restore } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { download } from "../kit/download";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { useFileDrop } from "../kit/useFileDrop";
import styles from "./backups.module.css";
import { backupsQuery } from "./queries";
import type { Wish } from "./RestoreWizard";

const WATCH_MS = 400;

export function Carry(props: { overview: BackupsOverview; onOpen: (wish: Wish) => void }) {
  const { overview } = props;
  const { t } = useTranslation("backups");
  const may = useMay();
  if (!may("backups.write")) return null;
  return (
    <Panel title={t("carry.title")}>
      <div className={styles.form}>
        <p>{t("carry.why")}</p>
        <Group>
          <WriteFile overview={overview} />
          <BringFile onOpen={props.onOpen} />
        </Group>
      </div>
    </Panel>
  );
}

function WriteFile({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const complain = useComplain();
  const write = useCommand<{ at: number }, BackupRun>({
    name: "backups.writeFile",
    run: async () => {
      const run = await ask<BackupRun>(
        api.POST("/api/v1/restaurants/{rid}/backups/files", { params: { path: { rid } } }),
      );
      void queryClient.invalidateQueries({ queryKey: backupsQuery(rid).queryKey });
      return run;
    },
    onDone: (run) => void fetchWhenDone(run),
    onFailed: complain,
  });
  const [isWriting, setWriting] = useState(false);
  const fetchWhenDone = async (begun: BackupRun) => {
    setWriting(true);
    try {
      let run = begun;
      while (run.state === "running") {
        await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
        run = await ask<BackupRun>(
          api.GET("/api/v1/restaurants/{rid}/backups/runs/{run_id}", {
            params: { path: { rid, run_id: begun.id } },
          }),
        );
      }
      // What failed stands on the page with the other runs.
      if (run.state === "done") {
        const day = new Date(run.began_ms).toISOString().slice(0, 10);
        await download(`/api/v1/restaurants/${rid}/backups/files/${run.id}`, `restaurant-${day}.comanda`);
        say(t("carry.done"));
      }
    } catch (error) {
      complain(asApiError(error));
    } finally {
      setWriting(false);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconFileExport size={16} />}
      loading={write.isPending || isWriting}
      onClick={() => write.mutate({ at: overview.now_ms })}
    >
      {t("carry.write")}
    </Button>
  );
}

export function BringFile(props: { onOpen: (wish: Wish) => void }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const complain = useComplain();
  const [locked, setLocked] = useState<BackupFile | null>(null);
  const bring = useCommand({
    name: "backups.bringFile",
    run: (chosen: { file: File; at: number }) =>
      ask<BackupFile>(
        api.PUT("/api/v1/restaurants/{rid}/backups/files", {
          params: { path: { rid } },
          body: chosen.file as unknown as number[],
          headers: { "content-type": "application/octet-stream" },
          // The client would turn a body into JSON; a file goes as it is.
          bodySerializer: (body: unknown) => body as BodyInit,
        }),
      ),
    onDone: (file) => (file.key_here ? props.onOpen({ file_id: file.id }) : setLocked(file)),
    onFailed: complain,
  });
  const drop = useFileDrop(".comanda,application/octet-stream", t("carry.choose"), (file) =>
    bring.mutate({ file, at: file.lastModified }),
  );
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} />}
        loading={bring.isPending}
        onClick={drop.open}
        {...drop.area}
      >
        {t("carry.bring")}
      </Button>
      {drop.input}
      {locked !== null && (
        <Unlock
          file={locked}
          onClose={() => setLocked(null)}
          onOpen={(wish) => {
            setLocked(null);
            props.onOpen(wish);
          }}
        />
      )}
    </>
  );
}

function Unlock(props: { file: BackupFile; onClose: () => void; onOpen: (wish: Wish) => void }) {
  const { file } = props;
  const { t } = useTranslation("backups");
  const { t: common } = useTranslation();
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const [recovery, setRecovery] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const open = useCommand({
    name: "backups.openFile",
    secret: true,
    run: (wish: Wish) =>
      ask<Restore>(
        api.POST("/api/v1/restaurants/{rid}/backups/restores", { params: { path: { rid } }, body: wish }),
      ),
    onDone: (begun) => props.onOpen({ begun }),
  });
  const wish: Wish = {
    file_id: file.id,
    ...(passphrase !== "" ? { passphrase } : { recovery_key: recovery }),
  };
  return (
    <Modal opened onClose={props.onClose} title={t("carry.open")}>
      <form
        className={styles.step}
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate(wish);
        }}
      >
        <p>{t("carry.locked", { at: dateTime(file.made_ms) })}</p>
        <TextInput
          data-autofocus
          label={t("carry.recovery")}
          autoComplete="off"
          value={recovery}
          onChange={(event) => setRecovery(event.currentTarget.value)}
        />
        {file.passphrase && (
          <PasswordInput
            label={t("carry.orPassphrase")}
            autoComplete="off"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        )}
        {open.error !== null && (
          <p className={styles.failure} role="alert">
            {errorText(open.error).why}
          </p>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" disabled={recovery === "" && passphrase === ""} loading={open.isPending}>
            {t("carry.go")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
