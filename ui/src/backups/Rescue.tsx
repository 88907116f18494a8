// A restaurant whose file cannot be opened: the newest there is in the places for backups is fetched and checked, shown,
// and put in its place. The file itself is set aside as it is.
import { Button, Progress } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Me, Restore } from "../api/types";
import { useCommand } from "../api/useCommand";
import { meQuery } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { EmptyState } from "../kit/States";
import styles from "./backups.module.css";
import { rescueQuery } from "./queries";

type Closed = Me["unreadable"][number];

/** A file of these is whole: the program or the disk is what does not do. */
const WHOLE: Closed["reason"][] = ["newer", "uncopied"];

export function Rescue({ closed, isPage }: { closed: Closed; isPage?: boolean }) {
  const { t } = useTranslation("backups");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const take = useTaken(closed.id);
  const [isAsked, setAsked] = useState(false);
  const begin = useCommand<{ at: number }, Restore>({
    name: "backups.rescue",
    run: () =>
      ask<Restore>(api.POST("/api/v1/unreadable/{rid}/restore", { params: { path: { rid: closed.id } } })),
    onDone: (fresh) => {
      take(fresh);
      setAsked(true);
    },
  });
  return (
    <EmptyState
      icon={IconAlertTriangle}
      title={common("unreadable.title")}
      text={common(`unreadable.${closed.reason}`)}
      {...(isPage === true ? { isPage } : {})}
    >
      {!WHOLE.includes(closed.reason) && (
        <div className={styles.rescue}>
          {isAsked ? (
            <Fetched rid={closed.id} onAgain={() => begin.mutate({ at: Date.now() })} />
          ) : (
            <>
              <p>{t("rescue.why")}</p>
              <Button loading={begin.isPending} onClick={() => begin.mutate({ at: Date.now() })}>
                {t("rescue.begin")}
              </Button>
            </>
          )}
          {begin.error !== null && (
            <p className={styles.failure} role="alert">
              {errorText(begin.error).why}
            </p>
          )}
        </div>
      )}
    </EmptyState>
  );
}

/** What the engine answered to a press is what is shown, and asked about again from there. */
function useTaken(rid: string): (fresh: Restore) => void {
  const queryClient = useQueryClient();
  const { queryKey } = rescueQuery(rid);
  return (fresh) => {
    queryClient.setQueryData(queryKey, fresh);
    void queryClient.invalidateQueries({ queryKey });
  };
}

function Fetched({ rid, onAgain }: { rid: string; onAgain: () => void }) {
  const { t } = useTranslation("backups");
  const { moment, count, percent } = useFormat();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const query = useQuery(rescueQuery(rid));
  const confirm = useCommand<{ at: number }, Restore>({
    name: "backups.rescue.confirm",
    run: () =>
      ask<Restore>(api.POST("/api/v1/unreadable/{rid}/restore/confirm", { params: { path: { rid } } })),
    onDone: useTaken(rid),
  });
  // It is one of those that open now, and no longer one that is asked for here.
  const isOpen = query.data?.state === "placed" || query.error?.code === "not_found";
  useEffect(() => {
    if (isOpen) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  }, [isOpen, queryClient]);
  const restore = query.data;
  if (query.error !== null && !isOpen)
    return (
      <p className={styles.failure} role="alert">
        {errorText(query.error).why}
      </p>
    );
  const permille = restore?.run?.done_permille ?? 0;
  switch (restore?.state) {
    case "failed":
      return (
        <>
          <p className={styles.failure} role="alert">
            <b>{t("wizard.failed")}</b> {restore.failure}
          </p>
          <Button variant="default" onClick={onAgain}>
            {t("rescue.again")}
          </Button>
        </>
      );
    case "ready":
      return (
        <>
          <p>
            {t("rescue.ready", {
              at: moment(restore.at_ms ?? 0),
              count: restore.then?.orders ?? 0,
              n: count(restore.then?.orders ?? 0),
            })}
          </p>
          <p>{t("rescue.safety")}</p>
          {confirm.error !== null && (
            <p className={styles.failure} role="alert">
              {errorText(confirm.error).why}
            </p>
          )}
          <Button loading={confirm.isPending} onClick={() => confirm.mutate({ at: Date.now() })}>
            {t("rescue.confirm")}
          </Button>
        </>
      );
    default:
      return (
        <>
          <Progress w="100%" value={Math.max(2, permille / 10)} aria-label={t("run.prepare")} />
          <span className="num" role="status">
            {restore?.state === "making"
              ? `${t(`step.${restore.run?.step ?? "waiting"}`)} · ${percent(permille / 1000)}`
              : t("rescue.placing")}
          </span>
        </>
      );
  }
}
