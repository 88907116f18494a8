// A moment that stays beside the present under a name: kept from a moment that stands ready, looked at, let go.
import { ActionIcon, Button, Group, Modal, TextInput } from "@mantine/core";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupCopy } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { rewindTo } from "../app/rewound";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import styles from "./backups.module.css";
import { backupsQuery } from "./queries";

export function NamedCopy({ copy }: { copy: BackupCopy }) {
  const { t } = useTranslation("backups");
  const { bytes, dateTime } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const complain = useComplain();
  const [isAsking, setAsking] = useState(false);
  const look = useCommand({
    name: "backups.lookAtCopy",
    run: (copy_id: string) =>
      ask<{ view_id: string; at_ms: number }>(
        api.POST("/api/v1/restaurants/{rid}/backups/copies/{copy_id}/look", {
          params: { path: { rid, copy_id } },
        }),
      ),
    onDone: ({ view_id, at_ms }) => {
      rewindTo({ view: view_id, restaurantId: rid, at_ms });
      void navigate({ to: "/today" });
    },
    onFailed: complain,
  });
  const letGo = useCommand({
    name: "backups.letCopyGo",
    run: (copy_id: string) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/backups/copies/{copy_id}", {
          params: { path: { rid, copy_id } },
        }),
      ),
    onDone: () => {
      setAsking(false);
      void queryClient.invalidateQueries({ queryKey: backupsQuery(rid).queryKey });
    },
    onFailed: complain,
  });
  return (
    <li>
      <IconBookmark size={18} aria-hidden />
      <div>
        <b>{copy.name}</b>
        <small className="num">
          {t("copies.of", { at: dateTime(copy.at_ms), bytes: bytes(copy.bytes) })}
        </small>
      </div>
      {may("backups.write") && (
        <>
          <Button
            variant="default"
            size="compact-md"
            aria-label={t("copies.lookAt", { name: copy.name })}
            loading={look.isPending}
            onClick={() => look.mutate(copy.id)}
          >
            {t("copies.look")}
          </Button>
          <ActionIcon
            variant="subtle"
            size={36}
            aria-label={t("copies.letGo", { name: copy.name })}
            onClick={() => setAsking(true)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </>
      )}
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t("copies.letGoTitle")}>
        <p>{t("copies.letGoWhy", { name: copy.name })}</p>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            {t("wizard.leave")}
          </Button>
          <Button color="bad" loading={letGo.isPending} onClick={() => letGo.mutate(copy.id)}>
            {t("copies.letGoNow")}
          </Button>
        </Group>
      </Modal>
    </li>
  );
}

/** In the wizard: the moment that stands ready stays as a copy, and nothing else happens. */
export function KeepBeside({ restoreId }: { restoreId: string }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [name, setName] = useState("");
  const keep = useCommand({
    name: "backups.keepCopy",
    run: (body: { restore_id: string; name: string }) =>
      ask<BackupCopy>(
        api.POST("/api/v1/restaurants/{rid}/backups/copies", { params: { path: { rid } }, body }),
      ),
    onDone: () => {
      setName("");
      say(t("wizard.kept"));
      void queryClient.invalidateQueries({ queryKey: backupsQuery(rid).queryKey });
    },
  });
  return (
    <form
      className={styles.keep}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") keep.mutate({ restore_id: restoreId, name: name.trim() });
      }}
    >
      <TextInput
        label={t("wizard.keep")}
        description={t("wizard.keepWhy")}
        inputWrapperOrder={["label", "description", "input", "error"]}
        autoComplete="off"
        maxLength={120}
        value={name}
        error={keep.error === null ? undefined : errorText(keep.error).why}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={name.trim() === ""} loading={keep.isPending}>
        {t("wizard.keepNow")}
      </Button>
    </form>
  );
}
