// What a Comanda says itself, to whoever logged in there from here: its parts, and its restaurants with their backups.
import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { IconLogin2, IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { FormFoot } from "../kit/FormFoot";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import styles from "./deployments.module.css";
import { type Deployment, driftQuery, type Inside as Said, insideQuery } from "./queries";
import { TheirAlerts } from "./OpenAlerts";
import { RemoteBackups } from "./RemoteBackups";
import { RemoteLogs } from "./RemoteLogs";
import { useReason } from "./Words";

export function Inside({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const may = useMay();
  const query = useQuery({ ...insideQuery(useRestaurantId(), of.id), enabled: may("deployments.write") });
  const reason = useReason();
  const [isLogging, setLogging] = useState(false);
  if (!may("deployments.write")) return null;
  const logIn = (
    <Button leftSection={<IconLogin2 size={16} />} onClick={() => setLogging(true)}>
      {t("session.logIn")}
    </Button>
  );
  return (
    <>
      <Answer query={query} skeleton={<SkeletonRows rows={3} />}>
        {(said) =>
          said.session === "good" ? (
            <>
              <Health of={of} said={said} />
              {said.alerts != null && <TheirAlerts alerts={said.alerts} />}
              {said.restaurants.map((restaurant) => (
                <RemoteBackups key={restaurant.id} of={of} restaurant={restaurant} />
              ))}
              <RemoteLogs of={of} />
            </>
          ) : (
            <Panel title={t("session.title")}>
              <div className={styles.session} role="status">
                <p>
                  {said.session === "away"
                    ? `${t("session.away")} ${reason({ reason: said.reason ?? null, status: null }) ?? ""}`
                    : t(`session.${said.session}`)}
                </p>
                {said.session !== "away" && of.may_carry_secrets && logIn}
                {said.session !== "away" && !of.may_carry_secrets && (
                  <p className={styles.why} data-tone="warn">
                    {t("session.open")}
                  </p>
                )}
              </div>
            </Panel>
          )
        }
      </Answer>
      {isLogging && <LogIn of={of} onClose={() => setLogging(false)} />}
    </>
  );
}

const TONES = { ok: "ok", warn: "warn", down: "bad" } as const;

function Health({ of, said }: { of: Deployment; said: Said }) {
  const { t } = useTranslation("deployments");
  const { t: health, i18n } = useTranslation("health");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const leave = useCommand<{ id: string }, unknown>({
    name: "deployments.logOut",
    run: () =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/deployments/{deployment_id}/session", {
          params: { path: { rid, deployment_id: of.id } },
        }),
      ),
    // What else was asked there is no longer on the page, and would be refused.
    onDone: () => {
      void client.invalidateQueries({ queryKey: insideQuery(rid, of.id).queryKey });
      void client.invalidateQueries({ queryKey: driftQuery(rid, of.id).queryKey });
    },
    onFailed: useComplain(),
  });
  // A newer one there may have parts this one has no word for.
  const named = (key: string, other: string) =>
    i18n.exists(`health:${key}`) ? health(key as "title") : other;
  const parts = said.health?.parts;
  return (
    <Panel
      title={t("health.title")}
      note={
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlugConnectedX size={14} />}
          loading={leave.isPending}
          onClick={() => leave.mutate({ id: of.id })}
        >
          {t("session.logOut")}
        </Button>
      }
    >
      <p className={styles.quiet}>
        {said.health == null
          ? t("health.hidden", { who: said.who ?? "" })
          : t("health.sub", { who: said.who ?? "", since: dateTime(said.health.started_at_ms) })}
      </p>
      {parts !== undefined && (
        <ul className={styles.tree}>
          {parts.map((part) => (
            <li key={part.name}>
              <span>{named(`part.${part.name}`, part.name)}</span>
              <Pill tone={TONES[part.status]}>{named(`status.${part.status}`, part.status)}</Pill>
              {part.error != null && <small>{named(`error.${part.error}.what`, part.error)}</small>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function LogIn({ of, onClose }: { of: Deployment; onClose: () => void }) {
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useCommand<{ email: string; password: string }, unknown>({
    name: "deployments.logIn",
    secret: true,
    run: (body) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/deployments/{deployment_id}/session", {
          params: { path: { rid, deployment_id: of.id } },
          body,
        }),
      ),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ["deployed", rid, of.id] });
      void client.invalidateQueries({ queryKey: driftQuery(rid, of.id).queryKey });
      onClose();
    },
  });
  const isField = enter.error?.field === "password";
  return (
    <Modal opened onClose={onClose} title={t("session.dialog", { name: of.name })}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate({ email, password });
        }}
      >
        <p className={styles.quiet}>{t("session.why")}</p>
        <TextInput
          required
          data-autofocus
          type="email"
          autoComplete="off"
          label={t("session.email")}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          required
          autoComplete="off"
          label={t("session.password")}
          value={password}
          error={isField ? enter.error?.message : undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <FormFoot
          error={isField ? null : enter.error}
          isSaving={enter.isPending}
          save={t("session.logIn")}
          onCancel={onClose}
          remove={null}
        />
      </form>
    </Modal>
  );
}
