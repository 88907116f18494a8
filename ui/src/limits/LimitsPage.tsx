// How often somebody may ask: each limiter with its quota and its counts, and who was refused last.
import { Button } from "@mantine/core";
import { IconHeartbeat, IconKey, IconMoodCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Limiter, Limits } from "../api/types";
import { useMay } from "../app/queries";
import { Answer } from "../kit/Answer";
import { GuideLink } from "../kit/GuideLink";
import { LinkButton } from "../kit/LinkButton";
import { useFormat } from "../kit/format";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { Table } from "../kit/Table";
import { outwardQuery } from "../outward/queries";
import styles from "./limits.module.css";
import { QuotaForm } from "./QuotaForm";
import { limitsQuery } from "./queries";

export function LimitsPage() {
  const { t } = useTranslation("limits");
  const may = useMay();
  const query = useQuery(limitsQuery);
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <LinkButton variant="default" leftSection={<IconHeartbeat size={15} />} to="/engine/health">
          {t("health")}
        </LinkButton>
        {may("keys.write") && (
          <LinkButton variant="default" leftSection={<IconKey size={15} />} to="/settings/api-keys">
            {t("keys")}
          </LinkButton>
        )}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={8} />}>
          {(limits) => (
            <>
              {!limits.is_on && (
                <p className={styles.note} data-tone="warn" role="status">
                  {t("off")}
                </p>
              )}
              <Together />
              <Limiters limits={limits} />
              <Refusals limits={limits} />
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}

/** Several engines behind one address count in one Redis; without one there is nothing to say. */
function Together() {
  const { t } = useTranslation("limits");
  const { data: places } = useQuery(outwardQuery);
  const redis = places?.find((one) => one.service === "redis");
  if (redis === undefined) return null;
  const { place, state } = redis;
  return (
    <p className={styles.note} data-tone={state === "closed" ? undefined : "warn"} role="status">
      {t(state === "closed" ? "together" : "alone", { place })}{" "}
      {state !== "closed" && <GuideLink chapter="redis" />}
    </p>
  );
}

function Limiters({ limits }: { limits: Limits }) {
  const { t } = useTranslation("limits");
  const { count } = useFormat();
  const may = useMay();
  const quota = useQuota();
  const [changing, setChanging] = useState<Limiter | null>(null);
  return (
    <Panel title={t("limiters")} note={t("since")}>
      <Table
        label={t("limiters")}
        rows={limits.limiters}
        keyOf={(one) => one.name}
        stacks
        columns={[
          {
            head: t("what"),
            wraps: true,
            cell: (one) => (
              <>
                {t(`name.${one.name}`)}
                <small>{t(`about.${one.name}`)}</small>
              </>
            ),
          },
          {
            head: t("quota"),
            isNumber: true,
            cell: (one) => (
              <>
                {quota(one.requests, one.window_s)}
                {(one.requests !== one.usual_requests || one.window_s !== one.usual_window_s) && (
                  <small>{t("usually", { quota: quota(one.usual_requests, one.usual_window_s) })}</small>
                )}
              </>
            ),
          },
          { head: t("each"), cell: (one) => t(`by.${one.counted_by}`) },
          { head: t("allowed"), isNumber: true, cell: (one) => count(one.allowed) },
          {
            head: t("refusedCount"),
            isNumber: true,
            cell: (one) => (one.refused === 0 ? "–" : <Pill tone="warn">{count(one.refused)}</Pill>),
          },
          may("health.write") && {
            head: null,
            cell: (one) => (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={t("changeOne", { name: t(`name.${one.name}`) })}
                onClick={() => setChanging(one)}
              >
                {t("change")}
              </Button>
            ),
          },
        ]}
      />
      {changing !== null && <QuotaForm of={changing} onClose={() => setChanging(null)} />}
    </Panel>
  );
}

function Refusals({ limits }: { limits: Limits }) {
  const { t } = useTranslation("limits");
  const { dateTime } = useFormat();
  return (
    <Panel title={t("last")}>
      {limits.refused.length === 0 ? (
        <EmptyState icon={IconMoodCheck} title={t("none.title")} text={t("none.text")} />
      ) : (
        <ol className={`${styles.refused} num`}>
          {limits.refused.map((one) => (
            <li key={`${one.limiter} ${one.kind} ${one.who ?? ""} ${one.at_ms}`}>
              <b>{one.who ?? t(`kind.${one.kind}`)}</b>
              <span>{t("refusedBy", { count: one.times, limiter: t(`name.${one.limiter}`) })}</span>
              <time dateTime={new Date(one.at_ms).toISOString()}>{dateTime(one.at_ms)}</time>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function useQuota(): (requests: number, window_s: number) => string {
  const { t } = useTranslation("limits");
  const { count, span } = useFormat();
  return (requests, window_s) => {
    const each = window_s === 60 ? t("minute") : window_s === 1 ? t("second") : span(window_s * 1000);
    return t("per", { requests: count(requests), window: each });
  };
}
