// What a backup holds, once it was brought down and checked; another moment of it; and putting it in its place.
import { Button, Group, Progress, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { SetupRestore, SetupRestoreFound } from "../api/types";
import { useCommand } from "../api/useCommand";
import { beginAt } from "../app/first-page";
import { setupQuery } from "../app/queries";
import { keepSetupToken } from "../app/session";
import { useErrorText } from "../kit/errorText";
import { makeFormat } from "../kit/format";
import { instantOfSecond, wallSecond } from "../kit/wall";
import styles from "./first-run.module.css";

/** Progress of what takes seconds. */
const LOOK_AGAIN_MS = 300;
/** Backups that lead to one moment alone leave nothing to choose. */
const CHOICE_MIN_MS = 2_000;

interface Props {
  token: string;
  /** Which one that was asked for: no other one's figures are shown for it. */
  nth: number;
  first: SetupRestore;
  isAsking: boolean;
  /** Null: the latest. */
  onMoment: (at_ms: number | null) => void;
  onBack: () => void;
}

export function BroughtBack(props: Props) {
  const { t } = useTranslation("first-run");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const headers = { authorization: `Bearer ${props.token}` };
  const queryKey = ["setup", "restore", props.nth];
  const asked = useQuery({
    queryKey,
    queryFn: () => ask<SetupRestore>(api.GET("/api/v1/setup/restore", { headers })),
    initialData: props.first,
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === "making" || state === "placing" ? LOOK_AGAIN_MS : false;
    },
    // While one file takes the other's place the engine says: come back.
    retry: 20,
    retryDelay: LOOK_AGAIN_MS,
    staleTime: 0,
    gcTime: 0,
  });
  const confirm = useCommand<{ at: number }, SetupRestore>({
    name: "setup.confirmRestore",
    run: () => ask<SetupRestore>(api.POST("/api/v1/setup/restore/confirm", { headers })),
    onDone: (fresh) => {
      queryClient.setQueryData(queryKey, fresh);
      void queryClient.invalidateQueries({ queryKey });
    },
  });
  const restore = asked.data;
  const names = restore.restaurants.map((one) => one.name).join(", ");
  switch (restore.state) {
    case "making":
      return (
        <div className={styles.form} role="status">
          <h2>{t("back.making")}</h2>
          <p className={styles.lead}>{t("back.makingWhy")}</p>
          <Progress value={Math.max(2, restore.done_permille / 10)} aria-label={t("back.making")} />
          <Leave text={common("action.back")} onLeave={props.onBack} />
        </div>
      );
    case "failed":
      return (
        <div className={styles.form}>
          <h2>{t("back.failed")}</h2>
          <div role="alert" className={styles.failed}>
            {restore.failure}
          </div>
          <p>{t("back.failedWhy")}</p>
          <Leave text={common("action.back")} onLeave={props.onBack} />
        </div>
      );
    case "placing":
      return (
        <div className={styles.form} role="status">
          <h2>{t("back.placing", { name: names })}</h2>
          <Progress value={100} animated aria-label={t("back.placing", { name: names })} />
        </div>
      );
    case "placed":
      return <Back name={names} keepsPlace={restore.keeps_place} />;
    case "ready":
      return (
        <div className={styles.form}>
          <h2>{names}</h2>
          <p className={styles.lead}>{t("back.ready")}</p>
          {restore.restaurants.map((one) => (
            <Holds key={one.id} one={one} isNamed={restore.restaurants.length > 1} />
          ))}
          <Moment restaurants={restore.restaurants} isAsking={props.isAsking} onMoment={props.onMoment} />
          <p className={styles.quiet}>{t("back.whatHappens")}</p>
          {confirm.error !== null && (
            <div role="alert" className={styles.failed}>
              {errorText(confirm.error).why}
            </div>
          )}
          <Group justify="space-between" mt="sm">
            <Button variant="default" size="md" onClick={props.onBack}>
              {common("action.back")}
            </Button>
            <Button size="md" loading={confirm.isPending} onClick={() => confirm.mutate({ at: Date.now() })}>
              {t("back.confirm")}
            </Button>
          </Group>
        </div>
      );
  }
}

function Leave(props: { text: string; onLeave: () => void }) {
  return (
    <Group mt="lg">
      <Button variant="default" size="md" onClick={props.onLeave}>
        {props.text}
      </Button>
    </Group>
  );
}

const figures = ["orders", "open_orders", "payments", "items", "staff"] as const;

function Holds({ one, isNamed }: { one: SetupRestoreFound; isNamed: boolean }) {
  const { t, i18n } = useTranslation("first-run");
  const { count, date, time } = makeFormat({ locale: i18n.language, ...one });
  return (
    <dl className={styles.holds}>
      {isNamed && (
        <div>
          <dt>{t("back.name")}</dt>
          <dd>{one.name}</dd>
        </div>
      )}
      <div>
        <dt>{t("back.moment")}</dt>
        <dd className="num">
          {date(one.at_ms)}, {time(one.at_ms)}
        </dd>
      </div>
      {figures.map((figure) => (
        <div key={figure}>
          <dt>{t(`back.figure.${figure}`)}</dt>
          <dd className="num">{count(one.figures[figure])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Backups of a place lead to any second; the latest is what somebody wants whose computer died. */
function Moment(props: {
  restaurants: SetupRestoreFound[];
  isAsking: boolean;
  onMoment: (at_ms: number | null) => void;
}) {
  const { t, i18n } = useTranslation("first-run");
  const [one] = props.restaurants;
  const zone = one?.time_zone ?? "UTC";
  const from = Math.min(...props.restaurants.map((found) => found.from_ms ?? Infinity));
  const to = Math.max(...props.restaurants.map((found) => found.to_ms ?? -Infinity));
  const [wall, setWall] = useState(() => wallSecond(one?.at_ms ?? 0, zone));
  const [isOpen, setOpen] = useState(false);
  if (one === undefined || to - from < CHOICE_MIN_MS) return null;
  const { moment } = makeFormat({ locale: i18n.language, ...one });
  const at = instantOfSecond(wall, zone);
  // A second that is named means all of it.
  const isIn = at !== null && at + 999 >= from && at <= to + 999;
  if (!isOpen)
    return (
      <Group gap="xs">
        <Button variant="subtle" size="compact-md" onClick={() => setOpen(true)}>
          {t("back.earlier")}
        </Button>
      </Group>
    );
  return (
    <div>
      <TextInput
        type="datetime-local"
        step={1}
        label={t("back.until")}
        description={t("back.reach", { from: moment(from), to: moment(to) })}
        inputWrapperOrder={["label", "description", "input", "error"]}
        value={wall}
        error={isIn ? undefined : t("back.wrong.moment")}
        onChange={(event) => setWall(event.currentTarget.value)}
      />
      <Group mt="sm">
        <Button
          variant="default"
          disabled={!isIn}
          loading={props.isAsking}
          onClick={() => at !== null && props.onMoment(Math.min(at + 999, to))}
        >
          {t("back.lookThen")}
        </Button>
        <Button variant="subtle" disabled={props.isAsking} onClick={() => props.onMoment(null)}>
          {t("back.latest")}
        </Button>
      </Group>
    </div>
  );
}

function Back({ name, keepsPlace }: { name: string; keepsPlace: boolean }) {
  const { t } = useTranslation("first-run");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signIn = () => {
    keepSetupToken(null);
    if (!keepsPlace) beginAt("/backups");
    queryClient.setQueryData(setupQuery.queryKey, (old) =>
      old === undefined ? old : { ...old, needed: false },
    );
    void navigate({ to: "/login", search: {}, replace: true });
  };
  return (
    <div className={styles.form} role="status">
      <h2>{t("back.done", { name })}</h2>
      <p className={styles.lead}>{t("back.doneWhy")}</p>
      {!keepsPlace && (
        <div className={styles.warned}>
          <b>{t("back.noPlace")}</b> {t("back.noPlaceNext")}
        </div>
      )}
      <p className={styles.quiet}>{t("back.check")}</p>
      <Group justify="flex-end" mt="sm">
        <Button data-autofocus size="md" onClick={signIn}>
          {t("back.signIn")}
        </Button>
      </Group>
    </div>
  );
}
