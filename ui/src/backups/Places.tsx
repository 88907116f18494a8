// Where backups go, how far each place is, and what a restore set aside on this computer.
import { ActionIcon, Button, Group, Modal, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { IconCloud, IconFolder, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupRun, BackupsOverview, BackupTarget } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import styles from "./backups.module.css";
import { brief } from "./model";
import { NamedCopy } from "./NamedCopy";
import { backupsQuery } from "./queries";

export function Places(props: { overview: BackupsOverview; onAdd: () => void }) {
  const { overview } = props;
  const { t } = useTranslation("backups");
  const may = useMay();
  return (
    <Panel title={t("places.title")} note={t("places.note")}>
      <ul className={styles.places}>
        {overview.targets.map((target) => (
          <Place key={target.id} target={target} />
        ))}
        {overview.copies.map((copy) => (
          <NamedCopy key={copy.id} copy={copy} />
        ))}
        {overview.set_aside.map((one) => (
          <SetAside key={one.name} one={one} />
        ))}
        {overview.before_update.map((one) => (
          <BeforeUpdate key={one.name} one={one} />
        ))}
      </ul>
      {may("backups.write") && overview.targets.length < 4 && (
        <div className={styles.foot}>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={props.onAdd}>
            {t("places.add")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Place({ target }: { target: BackupTarget }) {
  const { t, i18n } = useTranslation("backups");
  const { bytes } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const remove = useCommand({
    name: "backups.removePlace",
    run: (target_id: string) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/backups/targets/{target_id}", {
          params: { path: { rid, target_id } },
        }),
      ),
    onDone: () => {
      setAsking(false);
      void queryClient.invalidateQueries({ queryKey: backupsQuery(rid).queryKey });
    },
    onFailed: useComplain(),
  });
  const Mark = target.kind === "folder" ? IconFolder : IconCloud;
  const tone =
    target.trouble != null ? "bad" : !target.known ? "mute" : target.lag_ms > 60_000 ? "warn" : "ok";
  return (
    <li>
      <Mark size={18} aria-hidden />
      <div>
        <b>{target.name}</b>
        <small>{target.place}</small>
        <small className="num">
          {t("places.holds", { count: target.bases, bytes: bytes(target.bytes) })}
        </small>
      </div>
      <Pill tone={tone}>
        {target.trouble != null
          ? t("places.trouble")
          : !target.known
            ? t("places.beginning")
            : target.entries_behind === 0
              ? t("places.shipped")
              : t("places.lag", { lag: brief(target.lag_ms, i18n.language) })}
      </Pill>
      {may("backups.write") && (
        <ActionIcon
          variant="subtle"
          size={36}
          aria-label={t("places.remove", { name: target.name })}
          onClick={() => setAsking(true)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      )}
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t("places.removeTitle")}>
        <p>{t("places.removeWhy", { name: target.name })}</p>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            {t("wizard.leave")}
          </Button>
          <Button color="bad" loading={remove.isPending} onClick={() => remove.mutate(target.id)}>
            {t("places.removeNow")}
          </Button>
        </Group>
      </Modal>
    </li>
  );
}

function BeforeUpdate({ one }: { one: BackupsOverview["before_update"][number] }) {
  const { t } = useTranslation("backups");
  const { bytes, dateTime } = useFormat();
  return (
    <li>
      <IconFolder size={18} aria-hidden />
      <div>
        <b>{t("update.name", { at: dateTime(one.made_ms) })}</b>
        <small className="num">{t("update.what", { bytes: bytes(one.bytes) })}</small>
      </div>
    </li>
  );
}

function SetAside({ one }: { one: BackupsOverview["set_aside"][number] }) {
  const { t } = useTranslation("backups");
  const { bytes, dateTime } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const back = useCommand({
    name: "backups.rollBack",
    run: (body: { set_aside: string }) =>
      ask<BackupRun>(
        api.POST("/api/v1/restaurants/{rid}/backups/roll-back", { params: { path: { rid } }, body }),
      ),
    onDone: () => {
      setAsking(false);
      void queryClient.invalidateQueries();
    },
    onFailed: useComplain(),
  });
  return (
    <li>
      <IconFolder size={18} aria-hidden />
      <div>
        <b>{t("aside.name", { at: dateTime(one.made_ms) })}</b>
        <small className="num">{t("aside.what", { bytes: bytes(one.bytes) })}</small>
      </div>
      {may("backups.write") && (
        <Button variant="default" size="compact-md" onClick={() => setAsking(true)}>
          {t("aside.back")}
        </Button>
      )}
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t("aside.title")}>
        <p>{t("aside.why", { at: dateTime(one.made_ms) })}</p>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            {t("wizard.leave")}
          </Button>
          <Button color="bad" loading={back.isPending} onClick={() => back.mutate({ set_aside: one.name })}>
            {t("aside.now")}
          </Button>
        </Group>
      </Modal>
    </li>
  );
}

const NOTHING = { endpoint: "", region: "", bucket: "", prefix: "", access_key: "", secret_key: "" };

export function AddPlace(props: { onClose: () => void }) {
  const { t } = useTranslation("backups");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const [kind, setKind] = useState<"folder" | "s3">("folder");
  const [name, setName] = useState("");
  const [folder, setFolder] = useState("");
  const [store, setStore] = useState(NOTHING);
  const add = useCommand({
    name: "backups.addPlace",
    secret: true,
    run: (wish: { kind: string; name: string; folder: string; store: typeof NOTHING }) =>
      ask<BackupsOverview>(
        api.POST("/api/v1/restaurants/{rid}/backups/targets", {
          params: { path: { rid } },
          body:
            wish.kind === "folder"
              ? { name: wish.name, folder: wish.folder }
              : {
                  name: wish.name,
                  s3: {
                    region: wish.store.region,
                    bucket: wish.store.bucket,
                    access_key: wish.store.access_key,
                    secret_key: wish.store.secret_key,
                    ...(wish.store.endpoint === "" ? {} : { endpoint: wish.store.endpoint }),
                    ...(wish.store.prefix === "" ? {} : { prefix: wish.store.prefix }),
                  },
                },
        }),
      ),
    onDone: (fresh) => {
      queryClient.setQueryData(backupsQuery(rid).queryKey, fresh);
      props.onClose();
    },
  });
  const field = (key: keyof typeof NOTHING) => ({
    label: t(`add.${key}`),
    value: store[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setStore((before) => ({ ...before, [key]: value }));
    },
  });
  return (
    <Modal opened onClose={props.onClose} title={t("add.title")}>
      <form
        className={styles.step}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ kind, name, folder, store });
        }}
      >
        <SegmentedControl
          aria-label={t("add.kind")}
          value={kind}
          onChange={(value) => setKind(value === "s3" ? "s3" : "folder")}
          data={[
            { value: "folder", label: t("add.folderKind") },
            { value: "s3", label: t("add.s3Kind") },
          ]}
        />
        <TextInput
          required
          data-autofocus
          label={t("add.name")}
          placeholder={t("add.nameExample")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {kind === "folder" ? (
          <TextInput
            required
            label={t("add.folder")}
            description={t("add.folderWhy")}
            placeholder="/mnt/pantry/comanda"
            value={folder}
            onChange={(event) => setFolder(event.currentTarget.value)}
          />
        ) : (
          <>
            <TextInput
              placeholder="https://s3.example.com"
              description={t("add.endpointWhy")}
              {...field("endpoint")}
            />
            <TextInput required placeholder="eu-south-1" {...field("region")} />
            <TextInput required {...field("bucket")} />
            <TextInput {...field("prefix")} />
            <TextInput required autoComplete="off" {...field("access_key")} />
            <PasswordInput required autoComplete="off" {...field("secret_key")} />
          </>
        )}
        {add.error !== null && (
          <p className={styles.failure} role="alert">
            {errorText(add.error).why}
          </p>
        )}
        <p className={styles.quiet}>{t("add.sealed")}</p>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t("add.now")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
