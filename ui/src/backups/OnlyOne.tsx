// In the wizard: one part of the restaurant as it was at the moment that stands ready, and what that would change.
import { Button, Group, SegmentedControl } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupCollection, BackupCollectionPreview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import styles from "./backups.module.css";

const PARTS: BackupCollection[] = ["menu", "floor", "stations"];
const NAMED = 8;

export function OnlyOne(props: { restoreId: string; onDone: () => void }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [collection, setCollection] = useState<BackupCollection>("menu");
  const path = { rid, restore_id: props.restoreId };
  const preview = useQuery({
    // Not below the restore itself: what is compared is compared while that stands ready, and no longer.
    queryKey: ["backups", rid, "only", props.restoreId, collection],
    queryFn: () =>
      ask<BackupCollectionPreview>(
        api.POST("/api/v1/restaurants/{rid}/backups/restores/{restore_id}/collections/preview", {
          params: { path },
          body: { collection },
        }),
      ),
    enabled: isOpen,
  }).data;
  const put = useCommand({
    name: "backups.putBackCollection",
    run: (body: { collection: BackupCollection }) =>
      ask<BackupCollectionPreview>(
        api.POST("/api/v1/restaurants/{rid}/backups/restores/{restore_id}/collections", {
          params: { path },
          body,
        }),
      ),
    onDone: () => {
      say(t("only.done"));
      void queryClient.invalidateQueries();
      props.onDone();
    },
    onFailed: useComplain(),
  });
  const differs = preview !== undefined && preview.comes + preview.changes + preview.goes > 0;
  return (
    <details className={styles.only} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("only.title")}</summary>
      <div className={styles.step}>
        <p className={styles.quiet}>{t("only.why")}</p>
        <SegmentedControl
          aria-label={t("only.title")}
          value={collection}
          onChange={(value) => setCollection(PARTS.find((part) => part === value) ?? "menu")}
          data={PARTS.map((part) => ({ value: part, label: t(`only.${part}`) }))}
        />
        {preview !== undefined && <Preview preview={preview} />}
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={!differs}
            loading={put.isPending}
            onClick={() => put.mutate({ collection })}
          >
            {t("only.now")}
          </Button>
        </Group>
      </div>
    </details>
  );
}

function Preview({ preview }: { preview: BackupCollectionPreview }) {
  const { t } = useTranslation("backups");
  const { count } = useFormat();
  const all = preview.comes + preview.changes + preview.goes;
  if (all === 0) return <p role="status">{t("only.same")}</p>;
  const named = preview.named.slice(0, NAMED);
  return (
    <div role="status" className={styles.changes}>
      <p className="num">
        {t("only.sum", {
          changes: count(preview.changes),
          comes: count(preview.comes),
          goes: count(preview.goes),
        })}
      </p>
      <ul>
        {named.map((one, at) => (
          <li key={`${one.what}-${one.name}-${at}`}>
            <b>{one.name}</b> {t(`only.${one.what}`)}
          </li>
        ))}
        {all > named.length && <li>{t("only.more", { count: all - named.length })}</li>}
      </ul>
      {preview.pictures_missing > 0 && <p>{t("only.pictures", { count: preview.pictures_missing })}</p>}
      {preview.waiters_gone > 0 && <p>{t("only.waiters", { count: preview.waiters_gone })}</p>}
    </div>
  );
}
