// At the spare: how far it is behind, where it would be reached, and taking over. The dialog says what will happen, what
// is known to be missing and what the other desk must not do, and wants the restaurant's name typed.
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, engineOrigin } from "../api/client";
import type { SyncOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurant, useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { Panel, Stat, Stats } from "../kit/Page";
import { isReachable, type Readiness, readyWord, shown } from "./model";
import { syncQuery } from "./queries";
import styles from "./sync.module.css";

export function Spare({ overview, readiness }: { overview: SyncOverview; readiness: Readiness }) {
  const { t } = useTranslation("sync");
  const { span, count, dateTime } = useFormat();
  const may = useMay();
  const [isTaking, setTaking] = useState(false);
  const { word } = readyWord(readiness);
  const missing = readiness.behind_commands ?? 0;
  const note =
    word === "in_step"
      ? t("spare.inStepWhy")
      : missing > 0
        ? t("spare.missing", { count: missing })
        : readiness.in_step_ms == null
          ? t("spare.starting")
          : t("spare.since", { at: dateTime(readiness.in_step_ms) });
  return (
    <Panel title={t("spare.title")}>
      <div className={styles.ready}>
        <p>{t("spare.what")}</p>
        <Stats>
          <Stat
            label={t("spare.behind")}
            value={
              readiness.behind_ms == null
                ? t("spare.unknown")
                : readiness.behind_ms === 0
                  ? t("spare.inStep")
                  : t("spare.behindValue", { span: span(readiness.behind_ms) })
            }
            note={note}
          />
          <Stat label={t("spare.desks")} value={count(readiness.desks)} note={t("spare.desksWhy")} />
          <Stat label={t("spare.taken")} value={dateTime(readiness.taken_ms)} note={t("spare.takenWhy")} />
        </Stats>
        {may("sync.write") && (
          <>
            <OwnAddress address={readiness.own_address ?? null} />
            <div>
              <Button color="bad" variant="outline" onClick={() => setTaking(true)}>
                {t("spare.take")}
              </Button>
            </div>
          </>
        )}
      </div>
      {isTaking && <TakeOver overview={overview} readiness={readiness} onClose={() => setTaking(false)} />}
    </Panel>
  );
}

/** Where this page itself was reached, if others reach it there too. */
function suggested(): string {
  const origin = engineOrigin() === "" ? window.location.origin : engineOrigin();
  return isReachable(origin) ? shown(origin) : "";
}

function OwnAddress({ address }: { address: string | null }) {
  const { t } = useTranslation("sync");
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState(address === null ? suggested() : shown(address));
  const save = useCommand({
    name: "sync.address",
    run: (wanted: string | null, key) =>
      ask<SyncOverview>(
        api.PUT("/api/v1/restaurants/{rid}/sync/address", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body: { address: wanted },
        }),
      ),
    onDone: (fresh) => {
      queryClient.setQueryData(syncQuery(rid).queryKey, fresh);
      say(t("spare.saved"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(typed.trim() === "" ? null : typed.trim());
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t("spare.address")}
        description={t("spare.addressWhy")}
        value={typed}
        autoComplete="off"
        error={save.error === null ? undefined : errorText(save.error).why}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={save.isPending}>
        {t("spare.save")}
      </Button>
    </form>
  );
}

function TakeOver(props: { overview: SyncOverview; readiness: Readiness; onClose: () => void }) {
  const { readiness } = props;
  const { t } = useTranslation("sync");
  const { t: common } = useTranslation();
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const name = useRestaurant()?.name ?? "";
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState("");
  const take = useCommand({
    name: "sync.takeOver",
    run: (body: { name: string }, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/sync/take-over", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: () => {
      void queryClient.invalidateQueries();
      props.onClose();
    },
  });
  const { word } = readyWord(readiness);
  const missing = readiness.behind_commands ?? 0;
  const at = dateTime(readiness.in_step_ms ?? 0);
  const said =
    missing > 0
      ? t("takeOver.missing", { count: missing })
      : readiness.in_step_ms == null
        ? t("takeOver.never")
        : t(word === "in_step" ? "takeOver.known" : "takeOver.since", { at });
  const agrees = typed.trim() === name;
  return (
    <Modal opened onClose={props.onClose} size="lg" title={t("takeOver.title")}>
      <ul className={styles.takes}>
        <li>{t("takeOver.here", { letters: props.overview.letters })}</li>
        <li>{t("takeOver.follow")}</li>
        <li>
          <b>{said}</b>
        </li>
        <li>{t("takeOver.must")}</li>
        <li>{t("takeOver.back")}</li>
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (agrees) take.mutate({ name: typed.trim() });
        }}
      >
        <TextInput
          label={t("takeOver.type", { name })}
          value={typed}
          autoComplete="off"
          error={take.error === null ? undefined : errorText(take.error).why}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={props.onClose}>
            {common("action.keep")}
          </Button>
          <Button color="bad" type="submit" disabled={!agrees} loading={take.isPending}>
            {t("takeOver.button")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
