// The backups there are, newest first, and what their test restore said.
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupBase, BackupsOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Pill } from "../kit/Pill";
import { Table } from "../kit/Table";
import styles from "./backups.module.css";
import { brief, hasFailed, isVerified } from "./model";
import { backupsQuery } from "./queries";
import type { Wish } from "./RestoreWizard";

export function Recent(props: { overview: BackupsOverview; onRestore: (wish: Wish) => void }) {
  const { overview } = props;
  const { t } = useTranslation("backups");
  const { bytes, dateTime } = useFormat();
  const may = useMay();
  if (overview.bases.length === 0) return <p className={styles.quiet}>{t("recent.none")}</p>;
  const names = new Map(overview.targets.map((one) => [one.id, one.name]));
  const places = (base: BackupBase) => base.targets.flatMap((at) => names.get(at.target_id) ?? []).join(", ");
  return (
    <Table
      label={t("recent.title")}
      rows={overview.bases}
      keyOf={(base) => base.id}
      stacks
      columns={[
        { head: t("recent.when"), cell: (base) => dateTime(base.made_ms) },
        { head: t("recent.what"), cell: (base) => t(`kind.${base.kind}`) },
        { head: t("recent.where"), cell: places },
        { head: t("recent.size"), isNumber: true, cell: (base) => bytes(base.bytes) },
        {
          head: t("recent.test"),
          cell: (base) => <Tested base={base} goes={overview.going.bases.includes(base.id)} />,
        },
        may("backups.write") && {
          head: null,
          cell: (base) => <Actions base={base} onRestore={props.onRestore} />,
        },
      ]}
    />
  );
}

/** What its test restore said. */
function Tested({ base, goes }: { base: BackupBase; goes: boolean }) {
  const { t, i18n } = useTranslation("backups");
  const took = Math.max(0, ...base.targets.map((at) => at.took_ms ?? 0));
  const findings = base.targets.flatMap((at) => at.findings);
  const state = isVerified(base) ? "verified" : hasFailed(base) ? "failed" : "untested";
  return (
    <>
      <Pill tone={state === "verified" ? "ok" : state === "failed" ? "bad" : "mute"}>
        {state === "verified"
          ? t("recent.verified", { took: brief(took, i18n.language) })
          : t(`recent.${state}`)}
      </Pill>
      {goes && <Pill tone="warn">{t("recent.goes")}</Pill>}
      {findings.map((finding) => (
        <small key={finding} className={styles.finding}>
          {finding}
        </small>
      ))}
    </>
  );
}

function Actions({ base, onRestore }: { base: BackupBase; onRestore: (wish: Wish) => void }) {
  const { t } = useTranslation("backups");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const test = useCommand({
    name: "backups.test",
    run: (body: { base_id: string; target_id: string }) =>
      ask<BackupsOverview>(
        api.POST("/api/v1/restaurants/{rid}/backups/tests", { params: { path: { rid } }, body }),
      ),
    onDone: (fresh) => queryClient.setQueryData(backupsQuery(rid).queryKey, fresh),
    onFailed: useComplain(),
  });
  const first = base.targets[0];
  return (
    <>
      {first !== undefined && (
        <Button
          variant="subtle"
          size="compact-md"
          aria-label={t("recent.testOf", { at: dateTime(base.made_ms) })}
          loading={test.isPending}
          onClick={() => test.mutate({ base_id: base.id, target_id: first.target_id })}
        >
          {t("recent.testNow")}
        </Button>
      )}
      <Button
        variant="subtle"
        size="compact-md"
        aria-label={t("recent.restoreOf", { at: dateTime(base.made_ms) })}
        onClick={() =>
          onRestore({ base_id: base.id, ...(first === undefined ? {} : { target_id: first.target_id }) })
        }
      >
        {t("recent.restore")}
      </Button>
    </>
  );
}
