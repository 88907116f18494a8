// The version that runs, and the way to the next one. The window alone has it: a browser shows what its engine serves.
import { Button, Progress, SegmentedControl } from "@mantine/core";
import { useIsMutating, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { inWindow, installUpdate, type UpdateProgress, type UpdateTrouble } from "../desktop";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { useChannel, useLook } from "./queries";
import styles from "./updates.module.css";

export function UpdatesPanel() {
  const { t } = useTranslation("updates");
  const [channel, setChannel] = useChannel();
  const look = useLook(channel);
  if (!inWindow() || look.data?.state === "nowhere") {
    return null;
  }
  return (
    <Panel
      title={t("title")}
      note={look.data === undefined ? undefined : t("running", { version: look.data.current })}
    >
      <div className={styles.row}>
        <div>
          <b>{t("channel.label")}</b>
          <small>{t(`channel.${channel}Why`)}</small>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={t("channel.label")}
          value={channel}
          onChange={(value) => setChannel(value as typeof channel)}
          data={(["stable", "beta"] as const).map((value) => ({ value, label: t(`channel.${value}`) }))}
        />
      </div>
      <div className={styles.row} aria-live="polite">
        {look.isFetching ? (
          <span>{t("looking")}</span>
        ) : look.error !== null ? (
          <Trouble trouble={look.error} />
        ) : look.data?.state === "found" ? (
          <Found key={look.data.version} {...look.data} />
        ) : (
          <span>{t("newest")}</span>
        )}
        <Button variant="default" size="xs" disabled={look.isFetching} onClick={() => void look.refetch()}>
          {t("look")}
        </Button>
      </div>
    </Panel>
  );
}

function Trouble(props: { trouble: UpdateTrouble }) {
  const { t } = useTranslation("updates");
  return (
    <p role="alert" className={styles.bad}>
      {t(`trouble.${props.trouble}`)}
    </p>
  );
}

function Found(props: { version: string; notes: string | null; published_ms: number | null }) {
  const { t } = useTranslation("updates");
  const { dateTime } = useFormat();
  const { version, notes } = props;
  const [sure, setSure] = useState(false);
  const [progress, setProgress] = useState<UpdateProgress | null>(null);
  const install = useMutation<unknown, UpdateTrouble>({
    mutationKey: ["updates.install"],
    mutationFn: () => installUpdate(setProgress),
    onError: () => setSure(false),
    onSettled: () => setProgress(null),
  });
  // A payment on its way has its answer before the program ends.
  const isBusy =
    useIsMutating({ predicate: ({ options }) => options.mutationKey?.[0] !== "updates.install" }) > 0;
  return (
    <div className={styles.found}>
      <b>{t("found", { version })}</b>
      {props.published_ms !== null && <small>{dateTime(props.published_ms)}</small>}
      {notes !== null && <p className={styles.notes}>{notes}</p>}
      {install.error !== null && <Trouble trouble={install.error} />}
      {install.isPending ? (
        <Installing progress={progress} />
      ) : sure ? (
        <>
          <small>{t("sure")}</small>
          <div className={styles.buttons}>
            <Button variant="default" size="xs" onClick={() => setSure(false)}>
              {t("later")}
            </Button>
            <Button size="xs" disabled={isBusy} onClick={() => install.mutate()}>
              {t("restart")}
            </Button>
          </div>
        </>
      ) : (
        <div className={styles.buttons}>
          <Button size="xs" onClick={() => setSure(true)}>
            {t("install", { version })}
          </Button>
        </div>
      )}
    </div>
  );
}

function Installing(props: { progress: UpdateProgress | null }) {
  const { t } = useTranslation("updates");
  const { percent } = useFormat();
  const { done = 0, total = null } = props.progress ?? {};
  const share = total === null || total === 0 ? null : done / total;
  return (
    <>
      <Progress
        value={(share ?? 1) * 100}
        animated={share === null || share === 1}
        aria-label={t("downloading")}
      />
      <small>
        {share === 1 ? t("installing") : `${t("downloading")} ${share === null ? "" : percent(share)}`}
      </small>
    </>
  );
}
