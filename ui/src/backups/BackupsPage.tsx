// How safe the restaurant is, on one page: what would be lost now, how far back one can go, what was tried.
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconDatabaseExport, IconLifebuoy, IconShieldPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupRun, BackupsOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { meQuery, useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { useComplain } from "../kit/notify";
import { PageBody, PageHead, Panel, Stat, Stats } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import styles from "./backups.module.css";
import { BringFile, Carry } from "./Carry";
import { brief, isVerified } from "./model";
import { AddPlace, Places } from "./Places";
import { backupsQuery } from "./queries";
import { Recent } from "./Recent";
import { Rescue } from "./Rescue";
import { RestoreWizard, type Wish } from "./RestoreWizard";
import { Rules } from "./Rules";
import { Running } from "./Running";
import { TheKey } from "./TheKey";
import { TimeLine } from "./TimeLine";

export function BackupsPage() {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const query = useQuery(backupsQuery(rid));
  const queryClient = useQueryClient();
  const may = useMay();
  const [wish, setWish] = useState<Wish | null>(null);
  const [isAdding, setAdding] = useState(false);
  const start = useCommand<{ at: number }, BackupRun>({
    name: "backups.start",
    run: () => ask<BackupRun>(api.POST("/api/v1/restaurants/{rid}/backups", { params: { path: { rid } } })),
    onDone: () => void queryClient.invalidateQueries({ queryKey: backupsQuery(rid).queryKey }),
    onFailed: useComplain(),
  });
  const overview = query.data;
  const closed = useQuery(meQuery).data?.unreadable;
  const has = overview !== undefined && overview.targets.length > 0;
  const isBacking = overview?.runs.some((run) => run.state === "running" && run.what === "backup") ?? false;
  return (
    <>
      <PageHead title={t("title")} sub={overview === undefined ? t("sub") : <Sentence overview={overview} />}>
        <LinkButton
          variant="subtle"
          leftSection={<IconLifebuoy size={16} />}
          to="/guide"
          search={{ chapter: "died" }}
        >
          {t("runbook")}
        </LinkButton>
        {has && may("backups.write") && (
          <>
            <Button variant="default" onClick={() => setWish({})}>
              {t("restore")}
            </Button>
            <Button
              leftSection={<IconDatabaseExport size={16} />}
              loading={start.isPending || isBacking}
              onClick={() => start.mutate({ at: overview.now_ms })}
            >
              {t("now")}
            </Button>
          </>
        )}
      </PageHead>
      <PageBody>
        {closed?.map((one) => (
          <Panel key={one.id}>
            <Rescue closed={one} />
          </Panel>
        ))}
        <Answer query={query} skeleton={<SkeletonRows />}>
          {(data) =>
            data.targets.length === 0 ? (
              <EmptyState icon={IconShieldPlus} title={t("empty.title")} text={t("empty.text")}>
                {may("backups.write") && (
                  <>
                    <Button onClick={() => setAdding(true)}>{t("empty.add")}</Button>
                    <BringFile onOpen={setWish} />
                  </>
                )}
              </EmptyState>
            ) : (
              <>
                <Troubles overview={data} />
                {data.beginning != null && (
                  <p className={styles.beginning} role="status">
                    {t(`beginning.${data.beginning}`)}
                  </p>
                )}
                <Figures overview={data} />
                <Running overview={data} />
                <TimeLine overview={data} onPick={setWish} />
                <Panel title={t("recent.title")}>
                  <Recent overview={data} onRestore={setWish} />
                </Panel>
                <div className={styles.two}>
                  <Places overview={data} onAdd={() => setAdding(true)} />
                  <Rules key={JSON.stringify([data.retention, data.nightly])} overview={data} />
                  <TheKey overview={data} />
                  <Carry overview={data} onOpen={setWish} />
                </div>
              </>
            )
          }
        </Answer>
      </PageBody>
      {wish !== null && <RestoreWizard wish={wish} onClose={() => setWish(null)} />}
      {isAdding && <AddPlace onClose={() => setAdding(false)} />}
    </>
  );
}

function Sentence({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("backups");
  const { dateTime } = useFormat();
  if (overview.targets.length === 0) return t("sub");
  const names = overview.targets.map((target) => target.name).join(", ");
  const last = overview.bases[0];
  return (
    <>
      {t("every", { names })}
      {last !== undefined && ` · ${t("last", { at: dateTime(last.made_ms) })}`}
      {overview.next_ms != null && ` · ${t("next", { at: dateTime(overview.next_ms) })}`}
    </>
  );
}

function Figures({ overview }: { overview: BackupsOverview }) {
  const { t, i18n } = useTranslation("backups");
  const { bytes, span } = useFormat();
  const { exposure_ms, bases } = overview;
  const loss =
    exposure_ms == null
      ? t(overview.beginning == null ? "figures.everything" : "figures.beginning")
      : exposure_ms === 0
        ? t("figures.nothing")
        : exposure_ms < 60_000
          ? brief(exposure_ms, i18n.language)
          : span(exposure_ms);
  const verified = bases.filter(isVerified).length;
  return (
    <Stats>
      <Stat label={t("figures.lose")} value={loss} note={t("figures.loseNote")} />
      <Stat
        label={t("figures.back")}
        value={overview.restore_ms == null ? "–" : brief(overview.restore_ms, i18n.language)}
        note={overview.restore_ms == null ? t("figures.backUnknown") : t("figures.backNote")}
      />
      <Stat
        label={t("figures.verified")}
        value={t("figures.of", { part: verified, whole: bases.length })}
        note={t("figures.verifiedNote")}
      />
      <Stat
        label={t("figures.space")}
        value={bytes(overview.bytes)}
        note={
          overview.going.bases.length === 0
            ? t("figures.spaceNothing")
            : t("figures.spaceNote", { bytes: bytes(overview.going.bytes) })
        }
      />
    </Stats>
  );
}

/** What an admin must see before anything else. */
function Troubles({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("backups");
  const { dateTime } = useFormat();
  const behind = overview.targets.filter((target) => target.trouble != null);
  const findings = overview.targets.flatMap((target) => target.findings);
  // A run that came after and went well heals it.
  const last = overview.runs.find((run) => run.what === "backup" || run.what === "verify");
  const failed = last?.state === "failed" ? last : null;
  if (behind.length === 0 && findings.length === 0 && failed === null && !overview.fenced) return null;
  return (
    <div className={styles.trouble} role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      <ul>
        {overview.fenced && (
          <li>
            <b>{t("trouble.fenced")}</b>
          </li>
        )}
        {behind.map((target) => (
          <li key={target.id}>
            <b>{t("trouble.behind", { name: target.name, since: dateTime(target.trouble_since_ms ?? 0) })}</b>{" "}
            {target.trouble}
          </li>
        ))}
        {failed !== null && (
          <li>
            <b>
              {t(`trouble.${failed.what === "verify" ? "verify" : "backup"}`, {
                at: dateTime(failed.began_ms),
              })}
            </b>{" "}
            {failed.failure}
          </li>
        )}
        {findings.map((finding) => (
          <li key={finding}>
            <b>{t("trouble.finding")}</b> {finding}
          </li>
        ))}
      </ul>
    </div>
  );
}
