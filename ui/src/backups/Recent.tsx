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
import styles from "./backups.module.css";
import { brief, bytes, hasFailed, isVerified } from "./model";
import { backupsQuery } from "./queries";
import type { Wish } from "./RestoreWizard";

export function Recent(props: { overview: BackupsOverview; onRestore: (wish: Wish) => void }) {
  const { overview } = props;
  const { t } = useTranslation("backups");
  const may = useMay();
  if (overview.bases.length === 0) return <p className={styles.quiet}>{t("recent.none")}</p>;
  return (
    <div className={styles.scroll}>
      <table className={`${styles.table} num`}>
        <thead>
          <tr>
            <th scope="col">{t("recent.when")}</th>
            <th scope="col">{t("recent.what")}</th>
            <th scope="col">{t("recent.where")}</th>
            <th scope="col">{t("recent.size")}</th>
            <th scope="col">{t("recent.test")}</th>
            {may("backups.write") && (
              <th scope="col">
                <span className="visually-hidden">{t("recent.actions")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {overview.bases.map((base) => (
            <Row key={base.id} base={base} overview={overview} onRestore={props.onRestore} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: { base: BackupBase; overview: BackupsOverview; onRestore: (wish: Wish) => void }) {
  const { base, overview } = props;
  const { t, i18n } = useTranslation("backups");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
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
  const names = base.targets.map((at) => overview.targets.find((one) => one.id === at.target_id)?.name);
  const goes = overview.going.bases.includes(base.id);
  const took = Math.max(0, ...base.targets.map((at) => at.took_ms ?? 0));
  const findings = base.targets.flatMap((at) => at.findings);
  const state = isVerified(base) ? "verified" : hasFailed(base) ? "failed" : "untested";
  const first = base.targets[0];
  return (
    <tr>
      <th scope="row">{dateTime(base.made_ms)}</th>
      <td>{t(`kind.${base.kind}`)}</td>
      <td>{names.filter((name) => name !== undefined).join(", ")}</td>
      <td>{bytes(base.bytes, i18n.language)}</td>
      <td>
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
      </td>
      {may("backups.write") && (
        <td className={styles.actions}>
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
              props.onRestore({
                base_id: base.id,
                ...(first === undefined ? {} : { target_id: first.target_id }),
              })
            }
          >
            {t("recent.restore")}
          </Button>
        </td>
      )}
    </tr>
  );
}
