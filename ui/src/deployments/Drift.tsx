// Whether a Comanda still runs with the settings that were accepted of it: what is other now, was and is.
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { type Column, Table } from "../kit/Table";
import styles from "./deployments.module.css";
import { type Deployment, type Difference, type Drift as Known, driftQuery } from "./queries";
import { useReason } from "./Words";

export function Drift({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const may = useMay();
  const query = useQuery({ ...driftQuery(rid, of.id), enabled: may("deployments.write") });
  if (!may("deployments.write")) return null;
  return (
    <Panel title={t("drift.title")} note={t("drift.note")}>
      <Answer query={query} skeleton={<SkeletonRows rows={2} />}>
        {(known) => (
          <>
            <Trouble known={known} />
            {known.seen_ms != null && <Differences of={of} known={known} seen_ms={known.seen_ms} />}
          </>
        )}
      </Answer>
    </Panel>
  );
}

/** Why nothing is known, or nothing new. */
function Trouble({ known }: { known: Known }) {
  const { t } = useTranslation("deployments");
  const reason = useReason();
  if (!known.has_session) return <p className={styles.quiet}>{t("drift.noSession")}</p>;
  if (known.asked_ms == null) return <p className={styles.quiet}>{t("drift.never")}</p>;
  if (known.trouble == null) return null;
  const why = reason({ reason: known.reason ?? null, status: null });
  return (
    <p className={styles.why} data-tone="warn" role="status">
      {known.trouble === "away" && why !== null
        ? `${t("drift.trouble.away")} ${why}`
        : t(`drift.trouble.${known.trouble}`)}
    </p>
  );
}

function Differences({ of, known, seen_ms }: { of: Deployment; known: Known; seen_ms: number }) {
  const { t } = useTranslation("deployments");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const accept = useCommand<{ seen_ms: number }, Known>({
    name: "deployments.accept",
    run: (body) =>
      ask<Known>(
        api.PUT("/api/v1/restaurants/{rid}/deployments/{deployment_id}/settings", {
          params: { path: { rid, deployment_id: of.id } },
          body,
        }),
      ),
    onDone: (now) => {
      client.setQueryData(driftQuery(rid, of.id).queryKey, now);
      say(t("drift.accepted"));
    },
    onFailed: useComplain(),
  });
  const columns: Column<Difference>[] = [
    {
      head: t("drift.setting"),
      cell: (row) =>
        row.key === "version" ? t("drift.version") : <code className={styles.code}>{row.key}</code>,
    },
    { head: t("drift.was"), cell: (row) => <Value of={row.was} />, wraps: true },
    { head: t("drift.is"), cell: (row) => <Value of={row.is} />, wraps: true },
  ];
  const since = known.accepted_ms == null ? "" : dateTime(known.accepted_ms);
  return (
    <>
      <p className={styles.quiet}>
        {known.accepted_by == null
          ? t("drift.first", { at: since })
          : t("drift.by", { at: since, name: known.accepted_by })}{" "}
        {t("drift.seen", { at: dateTime(seen_ms) })}
      </p>
      {known.differences.length === 0 ? (
        <p className={styles.same} role="status">
          {t("drift.none", { count: known.settings })}
        </p>
      ) : (
        <>
          <Table
            label={t("drift.title")}
            columns={columns}
            rows={known.differences}
            keyOf={(row) => row.key}
            stacks
            className={styles.drifted}
          />
          <div className={styles.drift}>
            <p>{t("drift.why", { name: of.name })}</p>
            <Button variant="default" loading={accept.isPending} onClick={() => accept.mutate({ seen_ms })}>
              {t("drift.accept")}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function Value({ of }: { of: Difference["was"] }) {
  const { t } = useTranslation("deployments");
  if (of == null) return <i>{t("drift.absent")}</i>;
  if (of.value != null) return <code className={styles.code}>{of.value}</code>;
  return <i>{t(of.is_set ? "drift.secret" : "drift.unset")}</i>;
}
