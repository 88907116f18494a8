// A linked desk: one sentence on how it stands, the figures behind it, and the way out.
import { Button, Group, Modal } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCloudOff, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { SyncOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { endSession } from "../app/session";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { Panel, Stat, Stats } from "../kit/Page";
import { useNow } from "../kit/useNow";
import { standing, type Word } from "./model";
import { Spare } from "./Spare";
import styles from "./sync.module.css";

const marks: Record<Word, typeof IconRefresh> = {
  in_step: IconCircleCheck,
  waiting: IconRefresh,
  connecting: IconRefresh,
  copying: IconRefresh,
  away: IconCloudOff,
  away_waiting: IconCloudOff,
  stopped: IconAlertTriangle,
};

export function OwnLink(props: { overview: SyncOverview; link: NonNullable<SyncOverview["link"]> }) {
  const { t } = useTranslation("sync");
  const { overview, link } = props;
  const { span, count } = useFormat();
  const may = useMay();
  const now = useNow();
  const [isLeaving, setLeaving] = useState(false);
  const { word, tone } = standing(link.state, link.waiting);
  const Mark = marks[word];
  const ago = (ms: number | null | undefined) =>
    ms == null ? t("never") : t("ago", { span: span(now - ms) });
  return (
    <>
      <section className={styles.verdict} data-tone={tone} aria-label={t("verdict.label")}>
        <Mark size={28} stroke={1.6} aria-hidden />
        <div role="status">
          <h2>{t(`verdict.${word}.what`, { count: link.waiting })}</h2>
          <p>{t(`verdict.${word}.why`)}</p>
          {link.error != null && <p className={styles.said}>{t("said", { error: link.error })}</p>}
        </div>
      </section>
      <Stats>
        <Stat
          label={t("figure.waiting")}
          value={count(link.waiting)}
          note={
            link.oldest_ms == null
              ? t("figure.nothing")
              : t("figure.oldest", { span: span(now - link.oldest_ms) })
          }
        />
        <Stat label={t("figure.contact")} value={ago(link.last_contact_ms)} note={t("figure.contactWhy")} />
        <Stat label={t("figure.letters")} value={overview.letters} note={t("figure.lettersWhy")} />
        <Stat label={t("figure.position")} value={count(overview.position)} note={t("figure.positionWhy")} />
      </Stats>
      {overview.readiness != null && <Spare overview={overview} readiness={overview.readiness} />}
      {may("sync.write") && (
        <Panel title={t("leave.title")}>
          <div className={styles.leave}>
            <p>{t("leave.text")}</p>
            <Button variant="default" onClick={() => setLeaving(true)}>
              {t("leave.button")}
            </Button>
          </div>
        </Panel>
      )}
      {isLeaving && <Leave waiting={link.waiting} onClose={() => setLeaving(false)} />}
    </>
  );
}

function Leave({ waiting, onClose }: { waiting: number; onClose: () => void }) {
  const { t } = useTranslation("sync");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const leave = useCommand({
    name: "sync.leave",
    run: (_: null, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/sync", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      endSession();
      queryClient.clear();
      window.location.assign("/first-run");
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("leave.sure")}>
      <p>{waiting > 0 ? t("leave.notYet", { count: waiting }) : t("leave.what")}</p>
      {leave.error !== null && (
        <p role="alert" className={styles.failed}>
          {errorText(leave.error).why}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {common("action.keep")}
        </Button>
        <Button
          color="bad"
          disabled={waiting > 0}
          loading={leave.isPending}
          onClick={() => leave.mutate(null)}
        >
          {t("leave.button")}
        </Button>
      </Group>
    </Modal>
  );
}
