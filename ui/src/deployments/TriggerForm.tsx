// How a backup of a service is asked for: the request, what a good answer is, and how one sees that it is done.
import {
  ActionIcon,
  Button,
  Checkbox,
  Modal,
  PasswordInput,
  SegmentedControl,
  Select,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { FormFoot } from "../kit/FormFoot";
import { say, useComplain } from "../kit/notify";
import styles from "./deployments.module.css";
import type { BackupTrigger, Deployment, TriggerPage, TriggerWish } from "./queries";
import { type Draft, draftOf, type HeaderDraft, type Says, wishOf } from "./trigger";

const METHODS: BackupTrigger["method"][] = ["POST", "PUT", "PATCH", "GET"];
const PACES_S = [1, 2, 5, 10, 30, 60, 300];
const LIMITS_S = [30, 60, 300, 900, 1_800, 3_600, 7_200];
/** Whose refusals are said at a field of theirs. */
const FIELDS = ["url", "body", "headers", "statuses", "says", "poll"];

type At = (field: string) => string | undefined;

export function TriggerForm(props: { of: Deployment; trigger: BackupTrigger | null; onClose: () => void }) {
  const { of, onClose } = props;
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(props.trigger));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const path = { params: { path: { rid, deployment_id: of.id } } };
  const done = (text: string) => {
    say(text);
    void client.invalidateQueries({ queryKey: ["deployments", rid, of.id, "trigger"] });
    onClose();
  };
  const save = useCommand<TriggerWish, TriggerPage>({
    name: "deployments.setTrigger",
    secret: true,
    run: (body) =>
      ask<TriggerPage>(
        api.PUT("/api/v1/restaurants/{rid}/deployments/{deployment_id}/trigger", { ...path, body }),
      ),
    onDone: () => done(t("trigger.form.saved", { name: of.name })),
  });
  const remove = useCommand<{ id: string }, unknown>({
    name: "deployments.removeTrigger",
    run: () => ask(api.DELETE("/api/v1/restaurants/{rid}/deployments/{deployment_id}/trigger", path)),
    onDone: () => done(t("trigger.form.removed", { name: of.name })),
    onFailed: useComplain(),
  });
  const field = save.error?.field ?? null;
  const at: At = (one) => (field === one ? save.error?.message : undefined);
  return (
    <Modal opened onClose={onClose} size="lg" title={t("trigger.form.title", { name: of.name })}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(wishOf(draft));
        }}
      >
        <Asked draft={draft} change={change} at={at} />
        <Headers draft={draft} change={change} at={at} />
        <fieldset className={styles.part}>
          <legend>{t("trigger.form.good")}</legend>
          <TextInput
            label={t("trigger.form.statuses")}
            placeholder="200–299"
            value={draft.statuses}
            error={field?.startsWith("statuses") === true ? t("trigger.form.statusesWrong") : undefined}
            onChange={(event) => change({ statuses: event.currentTarget.value })}
          />
          <SaysFields
            label={t("trigger.form.says")}
            says={draft.says}
            error={at("says.pointer")}
            onChange={(says) => change({ says })}
          />
        </fieldset>
        <fieldset className={styles.part}>
          <legend>{t("trigger.form.then")}</legend>
          <Switch
            label={t("trigger.form.polls")}
            checked={draft.polls}
            onChange={(event) => change({ polls: event.currentTarget.checked })}
          />
          {draft.polls && <PollFields draft={draft} change={change} at={at} />}
          <Limit draft={draft} change={change} />
        </fieldset>
        <FormFoot
          error={field !== null && FIELDS.some((one) => field.startsWith(one)) ? null : save.error}
          isSaving={save.isPending}
          onCancel={onClose}
          remove={
            props.trigger === null
              ? null
              : {
                  label: t("trigger.form.remove"),
                  isRunning: remove.isPending,
                  run: () => remove.mutate({ id: of.id }),
                }
          }
        />
      </form>
    </Modal>
  );
}

interface Part {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  at: At;
}

function Asked({ draft, change, at }: Part) {
  const { t } = useTranslation("deployments");
  return (
    <>
      <div className={styles.request}>
        <Select
          label={t("trigger.form.method")}
          allowDeselect={false}
          value={draft.method}
          onChange={(value) => change({ method: METHODS.find((one) => one === value) ?? "POST" })}
          data={METHODS}
        />
        <TextInput
          required
          data-autofocus
          label={t("trigger.form.url")}
          placeholder="https://shop.example/api/backups"
          value={draft.url}
          error={at("url")}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
      </div>
      {draft.method !== "GET" && (
        <Textarea
          autosize
          minRows={1}
          maxRows={8}
          label={t("trigger.form.body")}
          description={t("trigger.form.bodyWhy")}
          styles={{ input: { fontFamily: "var(--mono)" } }}
          value={draft.body}
          error={at("body")}
          onChange={(event) => change({ body: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function Headers({ draft, change, at }: Part) {
  const { t } = useTranslation("deployments");
  const set = (index: number, part: Partial<HeaderDraft>) =>
    change({ headers: draft.headers.map((one, i) => (i === index ? { ...one, ...part } : one)) });
  return (
    <fieldset className={styles.part}>
      <legend>{t("trigger.form.headers")}</legend>
      {draft.headers.length === 0 && <p className={styles.quiet}>{t("trigger.form.headersWhy")}</p>}
      {draft.headers.map((header, index) => {
        const value = {
          "aria-label": t("trigger.form.headerValue", { name: header.name }),
          placeholder: header.kept ? t("trigger.form.kept") : t("trigger.form.value"),
          autoComplete: "off",
          value: header.value,
          error: at(`headers[${index}].value`),
          onChange: (event: { currentTarget: { value: string } }) =>
            set(index, { value: event.currentTarget.value }),
        };
        return (
          <div key={index} className={styles.header}>
            <TextInput
              aria-label={t("trigger.form.headerName")}
              placeholder="x-api-key"
              value={header.name}
              error={at(`headers[${index}].name`)}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
            />
            {header.secret ? <PasswordInput {...value} /> : <TextInput {...value} />}
            <Checkbox
              label={t("trigger.form.secret")}
              checked={header.secret}
              onChange={(event) => set(index, { secret: event.currentTarget.checked, kept: false })}
            />
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={t("trigger.form.headerRemove", { name: header.name })}
              onClick={() => change({ headers: draft.headers.filter((_, i) => i !== index) })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        );
      })}
      <Button
        className={styles.start}
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() =>
          change({ headers: [...draft.headers, { name: "", value: "", secret: true, kept: false }] })
        }
      >
        {t("trigger.form.headerAdd")}
      </Button>
    </fieldset>
  );
}

/** A place in a JSON answer and what has to stand there. */
function SaysFields(props: {
  label: string;
  says: Says;
  error: string | undefined;
  required?: boolean;
  onChange: (says: Says) => void;
}) {
  const { t } = useTranslation("deployments");
  const { says, onChange } = props;
  return (
    <div className={styles.two}>
      <TextInput
        required={props.required === true}
        label={props.label}
        placeholder="/state"
        value={says.pointer}
        error={props.error}
        onChange={(event) => onChange({ ...says, pointer: event.currentTarget.value })}
      />
      <TextInput
        required={props.required === true}
        label={t("trigger.form.equals")}
        aria-label={`${props.label}: ${t("trigger.form.equals")}`}
        value={says.equals}
        onChange={(event) => onChange({ ...says, equals: event.currentTarget.value })}
      />
    </div>
  );
}

function PollFields({ draft, change, at }: Part) {
  const { t } = useTranslation("deployments");
  const { span } = useFormat();
  return (
    <>
      <SegmentedControl
        aria-label={t("trigger.form.where")}
        value={draft.where}
        onChange={(value) => change({ where: value === "fixed" ? "fixed" : "answer" })}
        data={[
          { value: "answer", label: t("trigger.form.inAnswer") },
          { value: "fixed", label: t("trigger.form.fixed") },
        ]}
      />
      <div className={styles.two}>
        {draft.where === "answer" ? (
          <TextInput
            required
            label={t("trigger.form.pollPointer")}
            placeholder="/href"
            value={draft.pollPointer}
            error={at("poll.pointer") ?? at("poll.url")}
            onChange={(event) => change({ pollPointer: event.currentTarget.value })}
          />
        ) : (
          <TextInput
            required
            label={t("trigger.form.pollUrl")}
            placeholder="https://shop.example/api/backups/last"
            value={draft.pollUrl}
            error={at("poll.url")}
            onChange={(event) => change({ pollUrl: event.currentTarget.value })}
          />
        )}
        <Select
          label={t("trigger.form.every")}
          allowDeselect={false}
          value={String(draft.every_s)}
          onChange={(value) => change({ every_s: Number(value ?? 5) })}
          data={[...new Set([...PACES_S, draft.every_s])]
            .sort((a, b) => a - b)
            .map((s) => ({ value: String(s), label: span(s * 1000) }))}
        />
      </div>
      <SaysFields
        required
        label={t("trigger.form.done")}
        says={draft.done}
        error={at("poll.done.pointer")}
        onChange={(done) => change({ done })}
      />
      <SaysFields
        label={t("trigger.form.failed")}
        says={draft.failed}
        error={at("poll.failed.pointer")}
        onChange={(failed) => change({ failed })}
      />
    </>
  );
}

function Limit({ draft, change }: Omit<Part, "at">) {
  const { t } = useTranslation("deployments");
  const { span } = useFormat();
  return (
    <Select
      className={styles.short}
      label={t("trigger.form.limit")}
      allowDeselect={false}
      value={String(draft.limit_s)}
      onChange={(value) => change({ limit_s: Number(value ?? 300) })}
      data={[...new Set([...LIMITS_S, draft.limit_s])]
        .sort((a, b) => a - b)
        .map((s) => ({ value: String(s), label: span(s * 1000) }))}
    />
  );
}
