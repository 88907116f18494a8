// Where one is signed in, and signing out there from here.
import { Button, Modal, Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useFormat } from "../kit/format";
import { Pill } from "../kit/Pill";
import { ErrorState } from "../kit/States";
import { deviceOf } from "./agent";
import styles from "./own-sessions.module.css";
import { type OwnSession, ownSessionsQuery } from "./queries";

export default function OwnSessions({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("own-sessions");
  const { data, error, refetch } = useQuery(ownSessionsQuery);
  return (
    <Modal opened onClose={onClose} title={t("title")}>
      <Stack gap="md">
        <p className={styles.text}>{t("what")}</p>
        {data !== undefined ? (
          <Sessions all={data.items} />
        ) : error !== null ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton h={52} aria-busy />
        )}
      </Stack>
    </Modal>
  );
}

function Sessions({ all }: { all: OwnSession[] }) {
  const { t } = useTranslation("own-sessions");
  const { dateTime } = useFormat();
  const nameOf = useNameOf();
  const client = useQueryClient();
  const lookAgain = () => client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey });
  const end = useCommand({
    name: "me.sessions.end",
    run: (session_id: string) =>
      ask(api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path: { session_id } } })),
    onDone: lookAgain,
    // Gone already is as good.
    onFailed: lookAgain,
  });
  const endOthers = useCommand({
    name: "me.sessions.end-others",
    run: () => ask(api.DELETE("/api/v1/me/sessions")),
    onDone: lookAgain,
  });
  const failed = end.error?.code === "not_found" ? endOthers.error : (end.error ?? endOthers.error);
  return (
    <>
      <ul className={styles.list}>
        {all.map((one) => (
          <li key={one.id}>
            <div>
              <b>{nameOf(one)}</b>
              <small>{t("since", { at: dateTime(one.made_ms) })}</small>
            </div>
            {one.current ? (
              <Pill tone="ok">{t("here")}</Pill>
            ) : (
              <Button
                size="compact-sm"
                variant="subtle"
                color="bad"
                loading={end.isPending && end.variables === one.id}
                aria-label={t("endOne", { name: nameOf(one) })}
                onClick={() => end.mutate(one.id)}
              >
                {t("end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {failed != null && <ErrorState error={failed} />}
      {all.length > 1 && (
        <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t("endOthers")}
        </Button>
      )}
    </>
  );
}

function useNameOf(): (session: OwnSession) => string {
  const { t } = useTranslation("own-sessions");
  return ({ agent }) => {
    const device = deviceOf(agent);
    if (device === null) return t("unknown");
    return device.system === null
      ? device.browser
      : t("on", { browser: device.browser, system: device.system });
  };
}
