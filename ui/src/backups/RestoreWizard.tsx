// Putting the restaurant back: the moment is made ready and checked, looked at beside now, and takes the place of
// the present only when the restaurant's name is typed. Nothing changes before that.
import { Button, Group, Modal, Progress, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconEye } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupFigures, Restore } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurant, useRestaurantId } from "../app/queries";
import { rewindTo } from "../app/rewound";
import { useFormat } from "../kit/format";
import { useErrorText } from "../kit/errorText";
import { useComplain } from "../kit/notify";
import { Table } from "../kit/Table";
import styles from "./backups.module.css";
import { brief } from "./model";
import { KeepBeside } from "./NamedCopy";
import { OnlyOne } from "./OnlyOne";
import { restoreQuery } from "./queries";

/** Which moment: an instant, a backup as it is, or as far as it goes. */
export interface Wish {
  at_ms?: number;
  base_id?: string;
  target_id?: string;
  /** Out of a file that was brought, and what opens it where its key is not here. */
  file_id?: string;
  recovery_key?: string;
  passphrase?: string;
  /** It is being made ready already. */
  begun?: Restore;
}

export function RestoreWizard(props: { wish: Wish; onClose: () => void }) {
  const { t } = useTranslation("backups");
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const [restore, setRestore] = useState<Restore | null>(props.wish.begun ?? null);
  const prepare = useCommand({
    name: "backups.prepare",
    secret: true,
    run: (body: Wish) =>
      ask<Restore>(
        api.POST("/api/v1/restaurants/{rid}/backups/restores", { params: { path: { rid } }, body }),
      ),
    onDone: setRestore,
  });
  const forget = useCommand({
    name: "backups.forget",
    run: (restore_id: string) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/backups/restores/{restore_id}", {
          params: { path: { rid, restore_id } },
        }),
      ),
  });
  const began = useRef(props.wish.begun !== undefined);
  useEffect(() => {
    if (began.current) return;
    began.current = true;
    prepare.mutate(props.wish);
  }, [prepare, props.wish]);
  const close = () => {
    if (restore !== null) forget.mutate(restore.id);
    props.onClose();
  };
  return (
    <Modal opened size="lg" onClose={close} title={t("wizard.title")}>
      {prepare.error !== null ? (
        <p className={styles.failure} role="alert">
          {errorText(prepare.error).why}
        </p>
      ) : restore === null ? (
        <Progress value={2} aria-label={t("run.prepare")} />
      ) : (
        <Steps first={restore} onClose={close} onDone={props.onClose} />
      )}
    </Modal>
  );
}

function Steps(props: { first: Restore; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation("backups");
  const { percent } = useFormat();
  const rid = useRestaurantId();
  const restore = useQuery(restoreQuery(rid, props.first.id)).data ?? props.first;
  const run = restore.run;
  switch (restore.state) {
    case "making":
      return (
        <div className={styles.step}>
          <p>{t("wizard.makingWhy")}</p>
          <Progress value={(run?.done_permille ?? 0) / 10} aria-label={t("run.prepare")} />
          <span className="num" role="status">
            {t(`step.${run?.step ?? "waiting"}`)} · {percent((run?.done_permille ?? 0) / 1000)}
          </span>
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t("running.stop")}
            </Button>
          </Group>
        </div>
      );
    case "failed":
      return (
        <div className={styles.step}>
          <p className={styles.failure} role="alert">
            <b>{t("wizard.failed")}</b> {restore.failure}
          </p>
          <p>{t("wizard.failedWhy")}</p>
          <Group justify="flex-end">
            <Button onClick={props.onClose}>{t("wizard.close")}</Button>
          </Group>
        </div>
      );
    case "placing":
      return (
        <div className={styles.step}>
          <p role="status">{t("wizard.placing")}</p>
          <Progress value={100} animated aria-label={t("run.restore")} />
        </div>
      );
    case "placed":
      return <Placed restore={restore} onDone={props.onDone} />;
    case "ready":
      return <Ready restore={restore} onClose={props.onClose} onLook={props.onDone} />;
  }
}

const ROWS: { key: keyof BackupFigures; money?: boolean }[] = [
  { key: "orders" },
  { key: "open_orders" },
  { key: "payments" },
  { key: "paid_minor", money: true },
  { key: "items" },
  { key: "staff" },
  { key: "z_reports" },
];

function Ready(props: { restore: Restore; onClose: () => void; onLook: () => void }) {
  const { restore } = props;
  const { t, i18n } = useTranslation("backups");
  const { moment, count, money } = useFormat();
  const rid = useRestaurantId();
  const name = useRestaurant()?.name ?? "";
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [typed, setTyped] = useState("");
  const look = useCommand({
    name: "backups.look",
    run: (restore_id: string) =>
      ask<{ view_id: string; at_ms: number }>(
        api.POST("/api/v1/restaurants/{rid}/backups/restores/{restore_id}/look", {
          params: { path: { rid, restore_id } },
        }),
      ),
    onDone: ({ view_id, at_ms }) => {
      rewindTo({ view: view_id, restaurantId: rid, at_ms });
      props.onLook();
      void navigate({ to: "/today" });
    },
    onFailed: useComplain(),
  });
  const confirm = useCommand({
    name: "backups.confirm",
    run: (body: { name: string }) =>
      ask<Restore>(
        api.POST("/api/v1/restaurants/{rid}/backups/restores/{restore_id}/confirm", {
          params: { path: { rid, restore_id: restore.id } },
          body,
        }),
      ),
    onDone: (fresh) => {
      const { queryKey } = restoreQuery(rid, restore.id);
      queryClient.setQueryData(queryKey, fresh);
      void queryClient.invalidateQueries({ queryKey });
    },
  });
  const { then, now } = restore;
  const value = (figures: BackupFigures | null | undefined, row: (typeof ROWS)[number]) => {
    if (figures == null) return "–";
    const number = Number(figures[row.key] ?? 0);
    return row.money === true ? money(number) : count(number);
  };
  const lost = now == null || then == null ? 0 : Math.max(0, now.commands - then.commands);
  return (
    <div className={styles.step}>
      <p>
        {t("wizard.ready", {
          at: moment(restore.at_ms ?? 0),
          took: brief(restore.took_ms ?? 0, i18n.language),
        })}
      </p>
      <Table
        label={t("wizard.figure")}
        className={styles.figures}
        rows={ROWS}
        keyOf={(row) => row.key}
        lookOf={(row) => (value(then, row) === value(now, row) ? undefined : "strong")}
        columns={[
          { head: t("wizard.figure"), cell: (row) => t(`wizard.row.${row.key}` as "wizard.row.orders") },
          { head: t("wizard.then"), isNumber: true, cell: (row) => value(then, row) },
          { head: t("wizard.now"), isNumber: true, cell: (row) => value(now, row) },
        ]}
      />
      <p>{lost === 0 ? t("wizard.losesNothing") : t("wizard.loses", { count: lost, n: count(lost) })}</p>
      <OnlyOne restoreId={restore.id} onDone={props.onClose} />
      <KeepBeside restoreId={restore.id} />
      <p>{t("wizard.safety")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === name) confirm.mutate({ name: typed.trim() });
        }}
      >
        <TextInput
          label={t("wizard.type", { name })}
          value={typed}
          autoComplete="off"
          error={confirm.error === null ? undefined : errorText(confirm.error).why}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="space-between" mt="md">
          <Button
            variant="default"
            leftSection={<IconEye size={16} />}
            loading={look.isPending}
            onClick={() => look.mutate(restore.id)}
          >
            {t("wizard.look")}
          </Button>
          <Group>
            <Button variant="default" onClick={props.onClose}>
              {t("wizard.leave")}
            </Button>
            <Button color="bad" type="submit" disabled={typed.trim() !== name} loading={confirm.isPending}>
              {t("wizard.confirm")}
            </Button>
          </Group>
        </Group>
      </form>
    </div>
  );
}

function Placed(props: { restore: Restore; onDone: () => void }) {
  const { t } = useTranslation("backups");
  const queryClient = useQueryClient();
  // Everything on every screen is another.
  useEffect(() => {
    void queryClient.invalidateQueries();
  }, [queryClient]);
  return (
    <div className={styles.step}>
      <p role="status">
        <b>{t("wizard.placed")}</b> {t("wizard.placedWhy")}
      </p>
      <Group justify="flex-end">
        <Button leftSection={<IconArrowBackUp size={16} />} variant="default" onClick={props.onDone}>
          {t("wizard.placedBack")}
        </Button>
        <Button onClick={props.onDone}>{t("wizard.done")}</Button>
      </Group>
    </div>
  );
}
