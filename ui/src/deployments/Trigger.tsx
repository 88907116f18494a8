// Backups of a service that is no Comanda: asked for from here in the way an admin has set, watched, and listed.
import { Button, Progress } from "@mantine/core";
import { IconDatabaseExport, IconSettings } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { useNow } from "../kit/useNow";
import styles from "./deployments.module.css";
import {
  type BackupTrigger,
  type Deployment,
  type TriggerPage,
  type TriggerRun,
  triggerQuery,
} from "./queries";
import { TriggerForm } from "./TriggerForm";
import { useReason } from "./Words";

const RUNS_SHOWN = 8;

export function Trigger({ of }: { of: Deployment }) {
  const may = useMay();
  return may("deployments.write") ? <Backups of={of} /> : null;
}

function Backups({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const client = useQueryClient();
  const query = useQuery(triggerQuery(rid, of.id));
  const [isSetting, setSetting] = useState(false);
  const refresh = () => void client.invalidateQueries({ queryKey: ["deployments", rid, of.id, "trigger"] });
  const start = useCommand<{ at: number }, TriggerRun>({
    name: "deployments.trigger",
    run: (_, key) =>
      ask<TriggerRun>(
        api.POST("/api/v1/restaurants/{rid}/deployments/{deployment_id}/trigger/runs", {
          params: { path: { rid, deployment_id: of.id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: refresh,
    onFailed: useComplain(),
  });
  const page = query.data;
  const isSet = page?.trigger != null;
  return (
    <Panel
      title={t("trigger.title")}
      note={
        page !== undefined && (
          <span className={styles.buttons}>
            <Button
              size="compact-md"
              variant={isSet ? "default" : "filled"}
              leftSection={<IconSettings size={14} />}
              onClick={() => setSetting(true)}
            >
              {t(isSet ? "trigger.change" : "trigger.set")}
            </Button>
            {isSet && (
              <Button
                size="compact-md"
                leftSection={<IconDatabaseExport size={14} />}
                loading={start.isPending}
                disabled={page.runs[0]?.state === "running"}
                onClick={() => start.mutate({ at: Date.now() })}
              >
                {t("trigger.run")}
              </Button>
            )}
          </span>
        )
      }
    >
      <Answer query={query} skeleton={<SkeletonRows rows={2} />}>
        {(page) => (
          <>
            <p className={styles.quiet}>
              {page.trigger == null ? t("trigger.none") : <How trigger={page.trigger} />}
            </p>
            <Runs of={of} page={page} onStopped={refresh} />
          </>
        )}
      </Answer>
      {isSetting && <TriggerForm of={of} trigger={page?.trigger ?? null} onClose={() => setSetting(false)} />}
    </Panel>
  );
}

function How({ trigger }: { trigger: BackupTrigger }) {
  const { t } = useTranslation("deployments");
  const { span } = useFormat();
  const within = span(trigger.limit_s * 1000);
  return (
    <>
      <code className={styles.code}>
        {trigger.method} {trigger.url}
      </code>{" "}
      {trigger.poll == null
        ? t("trigger.atOnce", { within })
        : t("trigger.polled", { every: span(trigger.poll.every_s * 1000), within })}
    </>
  );
}

const TONES: Record<TriggerRun["state"], Tone> = {
  running: "info",
  done: "ok",
  failed: "bad",
  stopped: "mute",
};

function Runs(props: { of: Deployment; page: TriggerPage; onStopped: () => void }) {
  const { t } = useTranslation("deployments");
  const { dateTime, span } = useFormat();
  const why = useWhy();
  const { runs } = props.page;
  if (runs.length === 0) return null;
  const last = runs[0];
  return (
    <>
      {last?.state === "running" && <Running {...props} run={last} />}
      <ul className={`${styles.bases} num`} aria-label={t("trigger.history")}>
        {runs.slice(0, RUNS_SHOWN).map((run) => (
          <li key={run.id}>
            <b>{dateTime(run.began_ms)}</b>
            <Pill tone={TONES[run.state]}>{t(`trigger.state.${run.state}`)}</Pill>
            {run.ended_ms != null && (
              <span>{t("outages.lasted", { span: span(run.ended_ms - run.began_ms) })}</span>
            )}
            <em>{why(run)}</em>
            <span>{t("trigger.by", { name: run.by })}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Why it failed, or what it said last. */
function useWhy(): (run: TriggerRun) => string {
  const { t } = useTranslation("deployments");
  const reason = useReason();
  return (run) => {
    const said = run.said ?? "";
    if (run.fault === "no_answer")
      return reason({ reason: run.reason ?? null, status: run.status ?? null }) ?? "";
    if (run.fault != null) return t(`trigger.fault.${run.fault}`, { status: run.status ?? "–", said });
    return said === "" ? "" : t("trigger.said", { said });
  };
}

function Running(props: { of: Deployment; page: TriggerPage; run: TriggerRun; onStopped: () => void }) {
  const { t } = useTranslation("deployments");
  const { span } = useFormat();
  const rid = useRestaurantId();
  const now = useNow(1_000);
  const { run, of } = props;
  const stop = useCommand<string, unknown>({
    name: "deployments.stopTrigger",
    run: (run_id) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/deployments/{deployment_id}/trigger/runs/{run_id}", {
          params: { path: { rid, deployment_id: of.id, run_id } },
        }),
      ),
    onDone: props.onStopped,
    onFailed: useComplain(),
  });
  const limit_ms = (props.page.trigger?.limit_s ?? 1) * 1000;
  const went_ms = Math.max(0, now - run.began_ms);
  const says = run.polls === 0 ? t("trigger.asked") : t("trigger.waits", { count: run.polls });
  return (
    <div className={styles.run} role="status">
      <span>
        <b>{says}</b> {run.said != null && t("trigger.said", { said: run.said })}{" "}
        <span className="num">{t("trigger.went", { span: span(went_ms), limit: span(limit_ms) })}</span>
      </span>
      <Progress value={Math.min(100, (went_ms / limit_ms) * 100)} aria-label={says} />
      <Button
        size="compact-sm"
        variant="default"
        loading={stop.isPending}
        onClick={() => stop.mutate(run.id)}
      >
        {t("trigger.stop")}
      </Button>
    </div>
  );
}
