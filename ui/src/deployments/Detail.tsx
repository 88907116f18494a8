// One deployment: how it is, how it was, when it was down; and, of a Comanda, what it says itself.
import { Button, Modal } from "@mantine/core";
import { IconArrowLeft, IconGauge, IconPencil, IconRefresh } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { FormFoot } from "../kit/FormFoot";
import { say, useComplain } from "../kit/notify";
import { PageBody, PageHead, Panel, Stat, Stats } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { DeploymentForm } from "./DeploymentForm";
import styles from "./deployments.module.css";
import { Drift } from "./Drift";
import { History } from "./History";
import { OwnAlerts } from "./OpenAlerts";
import { Inside } from "./Inside";
import { type Days, type Deployment, type DeploymentDetail, deploymentQuery } from "./queries";
import { Trigger } from "./Trigger";
import { StatePill, useReason, Why } from "./Words";

export function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const [days, setDays] = useState<Days>(1);
  const query = useQuery(deploymentQuery(rid, id, days));
  const of = query.data?.deployment;
  return (
    <>
      <PageHead title={of?.name ?? t("title")} sub={of && <Sub of={of} />}>
        <Button variant="default" leftSection={<IconArrowLeft size={16} />} onClick={onClose}>
          {t("back")}
        </Button>
        {of !== undefined && <Actions of={of} onGone={onClose} />}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={6} />}>
          {(detail) => (
            <>
              <Figures detail={detail} />
              <OwnAlerts of={detail.deployment} />
              <History detail={detail} days={days} onDays={setDays} />
              {detail.deployment.kind === "comanda" ? (
                <>
                  <Drift of={detail.deployment} />
                  <Inside of={detail.deployment} />
                </>
              ) : (
                <Trigger of={detail.deployment} />
              )}
              <Outages detail={detail} />
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}

function Sub({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const version = of.version == null ? "" : ` · ${t("version", { version: of.version })}`;
  return (
    <span className={styles.sub}>
      <StatePill of={of} />
      <span>
        {of.address} · {t(`environment.${of.environment}`)}
        {version}
      </span>
    </span>
  );
}

function Actions({ of, onGone }: { of: Deployment; onGone: () => void }) {
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const may = useMay();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"change" | "remove" | null>(null);
  const complain = useComplain();
  const path = { params: { path: { rid, deployment_id: of.id } } };
  const look = useCommand<{ at: number }, Deployment>({
    name: "deployments.probe",
    run: () => ask<Deployment>(api.POST("/api/v1/restaurants/{rid}/deployments/{deployment_id}/probe", path)),
    onDone: () => void client.invalidateQueries({ queryKey: ["deployments", rid] }),
    onFailed: complain,
  });
  const remove = useCommand<{ id: string }, unknown>({
    name: "deployments.remove",
    run: () => ask(api.DELETE("/api/v1/restaurants/{rid}/deployments/{deployment_id}", path)),
    onDone: () => {
      say(t("remove.done", { name: of.name }));
      onGone();
      client.removeQueries({ queryKey: ["deployments", rid, of.id] });
      void client.invalidateQueries({ queryKey: ["deployments", rid] });
    },
    onFailed: complain,
  });
  return (
    <>
      <Button
        leftSection={<IconRefresh size={16} />}
        loading={look.isPending}
        onClick={() => look.mutate({ at: Date.now() })}
      >
        {t("probe")}
      </Button>
      {may("loads.run") && (
        <Button
          variant="default"
          leftSection={<IconGauge size={16} />}
          onClick={() =>
            void navigate({
              to: "/load-tests",
              search: { plan: "new", target: new URL(of.address).origin },
            })
          }
        >
          {t("load")}
        </Button>
      )}
      {may("deployments.write") && (
        <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setOpen("change")}>
          {t("change")}
        </Button>
      )}
      {may("deployments.write") && (
        <Button variant="subtle" color="bad" onClick={() => setOpen("remove")}>
          {t("remove.button")}
        </Button>
      )}
      {open === "change" && <DeploymentForm of={of} onClose={() => setOpen(null)} />}
      <Modal
        opened={open === "remove"}
        onClose={() => setOpen(null)}
        title={t("remove.title", { name: of.name })}
      >
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            remove.mutate({ id: of.id });
          }}
        >
          <p>{t("remove.why")}</p>
          <FormFoot
            error={null}
            isSaving={remove.isPending}
            save={t("remove.button")}
            onCancel={() => setOpen(null)}
            remove={null}
          />
        </form>
      </Modal>
    </>
  );
}

function Figures({ detail }: { detail: DeploymentDetail }) {
  const { t } = useTranslation("deployments");
  const { rate, took, dateTime } = useFormat();
  const { deployment: of } = detail;
  const share = (bp: number | null | undefined) => (bp == null ? "–" : rate(bp));
  const ms = (value: number | null | undefined) => (value == null ? "–" : took(value * 1000));
  return (
    <>
      <Why of={of} />
      <Stats>
        <Stat label={t("uptimeDay")} value={share(of.uptime_day_bp)} note={t("uptimeNote")} />
        <Stat label={t("uptimeWeek")} value={share(of.uptime_week_bp)} />
        <Stat label={t("uptimeAll")} value={share(of.uptime_all_bp)} />
        <Stat label={t("p50")} value={ms(of.p50_ms)} note={t("p99Note", { p99: ms(of.p99_ms) })} />
        <Stat label={t("p95")} value={ms(of.p95_ms)} />
        <Stat
          label={t("last")}
          value={of.last == null ? "–" : took(of.last.took_us)}
          note={of.last == null ? t("never") : dateTime(of.last.at_ms)}
        />
        {of.expires_ms != null && <Stat label={t("certificate.label")} value={dateTime(of.expires_ms)} />}
      </Stats>
    </>
  );
}

function Outages({ detail }: { detail: DeploymentDetail }) {
  const { t } = useTranslation("deployments");
  const { dateTime, span } = useFormat();
  const reason = useReason();
  return (
    <Panel title={t("outages.title")} note={t("outages.note")}>
      {detail.outages.length === 0 ? (
        <p className={styles.quiet}>{t("outages.none")}</p>
      ) : (
        <ul className={`${styles.outages} num`}>
          {detail.outages.map((one) => (
            <li key={one.from_ms}>
              <b>{dateTime(one.from_ms)}</b>
              <span>
                {one.to_ms == null
                  ? t("outages.now", { span: span(detail.now_ms - one.from_ms) })
                  : t("outages.lasted", { span: span(one.to_ms - one.from_ms) })}
              </span>
              <em>{reason(one)}</em>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
