// The backups of a restaurant of another Comanda: how safe it is, made there, tested there, brought back there into a
// copy, and fetched here as one sealed file.
import { Button, Modal, Progress, TextInput } from "@mantine/core";
import { IconDatabaseExport, IconDownload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BackupBase, BackupRun, BackupsOverview, Restore } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { FormFoot } from "../kit/FormFoot";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import styles from "./deployments.module.css";
import * as remote from "./queries";
import type { Deployment, Inside, Spot } from "./queries";
import { useFetched } from "./useFetched";

const BASES_SHOWN = 8;

export function RemoteBackups(props: { of: Deployment; restaurant: Inside["restaurants"][number] }) {
  const { of, restaurant } = props;
  const { t } = useTranslation("deployments");
  const spot: Spot = { rid: useRestaurantId(), deployment_id: of.id, restaurant_id: restaurant.id };
  const client = useQueryClient();
  const query = useQuery(remote.remoteBackupsQuery(spot));
  const refresh = () => void client.invalidateQueries({ queryKey: remote.remoteBackupsQuery(spot).queryKey });
  const complain = useComplain();
  const start = useCommand<{ at: number }, BackupRun>({
    name: "deployments.backUp",
    run: () => remote.startBackup(spot),
    onDone: refresh,
    onFailed: complain,
  });
  const fetched = useFetched(spot, restaurant.name);
  return (
    <Panel
      title={t("backups.title", { name: restaurant.name })}
      note={
        <span className={styles.buttons}>
          <Button
            size="compact-md"
            variant="default"
            leftSection={<IconDownload size={14} />}
            loading={fetched.state !== null}
            onClick={fetched.begin}
          >
            {t("backups.download")}
          </Button>
          <Button
            size="compact-md"
            leftSection={<IconDatabaseExport size={14} />}
            loading={start.isPending}
            disabled={query.data === undefined || query.data.targets.length === 0}
            onClick={() => start.mutate({ at: Date.now() })}
          >
            {t("backups.now")}
          </Button>
        </span>
      }
    >
      {fetched.state !== null && <Fetching {...fetched.state} />}
      <Answer query={query} skeleton={<SkeletonRows rows={3} />}>
        {(overview) => (
          <>
            <p className={styles.quiet}>
              <Standing overview={overview} />
            </p>
            <Runs spot={spot} runs={overview.runs} onStopped={refresh} />
            <Bases of={of} spot={spot} bases={overview.bases} onAsked={refresh} />
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Standing({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("deployments");
  const { span, bytes } = useFormat();
  if (overview.targets.length === 0) return t("backups.nowhere");
  if (overview.exposure_ms == null) return t("backups.none");
  return t("backups.standing", {
    lag: span(overview.exposure_ms),
    count: overview.bases.length,
    bytes: bytes(overview.bytes),
  });
}

function Fetching(props: { step: "writing" | "fetching"; share: number | null; bytes: number }) {
  const { t } = useTranslation("deployments");
  const { bytes } = useFormat();
  const text = t(`backups.${props.step}`, { bytes: bytes(props.bytes) });
  return (
    <div className={styles.run} role="status">
      <span className="num">{text}</span>
      <Progress
        value={props.share === null ? 100 : props.share * 100}
        animated={props.share === null}
        aria-label={text}
      />
    </div>
  );
}

function Runs(props: { spot: Spot; runs: readonly BackupRun[]; onStopped: () => void }) {
  const { t } = useTranslation("backups");
  const { percent } = useFormat();
  const stop = useCommand<string, unknown>({
    name: "deployments.stopRun",
    run: (id) => remote.stopRun(props.spot, id),
    onDone: props.onStopped,
    onFailed: useComplain(),
  });
  const going = props.runs.filter((run) => run.state === "running");
  const last = props.runs[0];
  return (
    <>
      {going.map((run) => (
        <div key={run.id} className={styles.run} role="status">
          <span className="num">
            <b>{t(`run.${run.what}`)}</b> {t(`step.${run.step}`)} · {percent(run.done_permille / 1000)}
          </span>
          <Progress value={run.done_permille / 10} aria-label={t(`run.${run.what}`)} />
          <Button size="compact-sm" variant="default" onClick={() => stop.mutate(run.id)}>
            {t("running.stop")}
          </Button>
        </div>
      ))}
      {last?.state === "failed" && (
        <p className={styles.why} data-tone="bad">
          {t(`run.${last.what}`)}: {last.failure}
        </p>
      )}
    </>
  );
}

function Bases(props: { of: Deployment; spot: Spot; bases: readonly BackupBase[]; onAsked: () => void }) {
  const { t } = useTranslation("deployments");
  const { dateTime, bytes } = useFormat();
  const [restoring, setRestoring] = useState<BackupBase | null>(null);
  const test = useCommand<string, unknown>({
    name: "deployments.test",
    run: (base) => remote.testBackup(props.spot, base),
    onDone: props.onAsked,
    onFailed: useComplain(),
  });
  if (props.bases.length === 0) return null;
  const state = (base: BackupBase) =>
    base.targets.some((at) => at.state === "failed")
      ? "failed"
      : base.targets.some((at) => at.state === "verified")
        ? "verified"
        : "untested";
  const TONES = { failed: "bad", verified: "ok", untested: "mute" } as const;
  return (
    <>
      <ul className={`${styles.bases} num`}>
        {props.bases.slice(0, BASES_SHOWN).map((base) => (
          <li key={base.id}>
            <b>{dateTime(base.made_ms)}</b>
            <span>{bytes(base.bytes)}</span>
            <Pill tone={TONES[state(base)]}>{t(`backups.${state(base)}`)}</Pill>
            <span className={styles.buttons}>
              <Button
                size="compact-sm"
                variant="default"
                loading={test.isPending && test.variables === base.id}
                aria-label={t("backups.testOf", { at: dateTime(base.made_ms) })}
                onClick={() => test.mutate(base.id)}
              >
                {t("backups.test")}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("backups.copyOf", { at: dateTime(base.made_ms) })}
                onClick={() => setRestoring(base)}
              >
                {t("backups.copy")}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {restoring !== null && (
        <IntoACopy of={props.of} spot={props.spot} base={restoring} onClose={() => setRestoring(null)} />
      )}
    </>
  );
}

/** Brought back there beside the present; what is in it is shown, and then it is let go. */
function IntoACopy(props: { of: Deployment; spot: Spot; base: BackupBase; onClose: () => void }) {
  const { of, spot, base } = props;
  const { t } = useTranslation("deployments");
  const { dateTime } = useFormat();
  const [typed, setTyped] = useState("");
  const [begun, setBegun] = useState<Restore | null>(null);
  const query = useQuery({ ...remote.restoreQuery(spot, begun?.id ?? ""), enabled: begun !== null });
  const prepare = useCommand<{ base_id: string; typed: string }, Restore>({
    name: "deployments.copy",
    run: (body) => remote.prepareRestore(spot, body),
    onDone: setBegun,
  });
  const close = () => {
    // It would stay there until that engine ends.
    if (begun !== null) void remote.forgetRestore(spot, begun.id).catch(() => undefined);
    props.onClose();
  };
  const restore = query.data ?? begun;
  const isField = prepare.error?.field === "typed";
  return (
    <Modal opened onClose={close} title={t("copy.title", { at: dateTime(base.made_ms) })}>
      {restore === null ? (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            prepare.mutate({ base_id: base.id, typed });
          }}
        >
          <p>{t("copy.why", { name: of.name })}</p>
          <TextInput
            data-autofocus
            autoComplete="off"
            label={t("copy.type", { name: of.name })}
            value={typed}
            error={isField ? prepare.error?.message : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <FormFoot
            error={isField ? null : prepare.error}
            isSaving={prepare.isPending}
            save={t("copy.submit")}
            onCancel={close}
            remove={null}
          />
        </form>
      ) : (
        <Copied restore={restore} onClose={close} />
      )}
    </Modal>
  );
}

function Copied({ restore, onClose }: { restore: Restore; onClose: () => void }) {
  const { t } = useTranslation("deployments");
  const { t: common } = useTranslation();
  const { took, count } = useFormat();
  if (restore.state === "failed")
    return (
      <p className={styles.why} data-tone="bad" role="alert">
        {restore.failure}
      </p>
    );
  if (restore.state !== "ready")
    return (
      <div className={styles.run} role="status">
        <span>{t("copy.making")}</span>
        <Progress value={(restore.run?.done_permille ?? 0) / 10} aria-label={t("copy.making")} />
      </div>
    );
  return (
    <div className={styles.form}>
      <p role="status">{t("copy.ready", { took: took((restore.took_ms ?? 0) * 1000) })}</p>
      <p className="num">
        {t("copy.orders", { then: count(restore.then?.orders ?? 0), now: count(restore.now?.orders ?? 0) })}
      </p>
      <p className={styles.quiet}>{t("copy.goes")}</p>
      <Button variant="default" onClick={onClose}>
        {common("action.close")}
      </Button>
    </div>
  );
}
