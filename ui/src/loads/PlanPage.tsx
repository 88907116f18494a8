// One plan: a ready one, a kept one or a new one. What it will ask is drawn while it is written.
import { Button, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { engineOrigin } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { Chart } from "./Chart";
import { Consent } from "./Consent";
import styles from "./loads.module.css";
import type { Go } from "./LoadsPage";
import { blankPlan, restOf } from "./model";
import { KNOWN } from "./Overview";
import { Phases } from "./Phases";
import { type Checked, checkQuery, keepPlan, plansQuery, presetsQuery, removePlan } from "./queries";
import type { Plan } from "./types";

const PAUSE_MS = 300;
const PRESET = "preset:";
const ownOrigin = () => (engineOrigin() === "" ? window.location.origin : engineOrigin());

export function PlanPage({
  wanted,
  target,
  onGo,
}: {
  wanted: string;
  target?: string | undefined;
  onGo: Go;
}) {
  const { t } = useTranslation("loads");
  const rid = useRestaurantId();
  const presets = useQuery(presetsQuery(rid));
  const plans = useQuery(plansQuery(rid));
  return (
    <Answer<unknown> query={wanted.startsWith(PRESET) ? presets : plans} skeleton={<SkeletonRows rows={6} />}>
      {() => {
        if (wanted === "new")
          return <Editor id={null} begin={blankPlan(target ?? ownOrigin())} onGo={onGo} />;
        const key = KNOWN.find((one) => `${PRESET}${one}` === wanted);
        const preset = presets.data?.find((one) => one.key === key);
        if (key !== undefined && preset !== undefined) {
          return <Editor id={null} begin={{ ...preset.plan, name: t(`preset.${key}`) }} onGo={onGo} />;
        }
        const kept = plans.data?.find((one) => one.id === wanted);
        if (kept !== undefined) return <Editor id={kept.id} begin={kept.plan} onGo={onGo} />;
        return <Editor id={null} begin={blankPlan(ownOrigin())} onGo={onGo} />;
      }}
    </Answer>
  );
}

function Editor({ id, begin, onGo }: { id: string | null; begin: Plan; onGo: Go }) {
  const { t } = useTranslation("loads");
  const rid = useRestaurantId();
  const client = useQueryClient();
  const complain = useComplain();
  const [head, setHead] = useState(() => ({ name: begin.name, target: begin.target, phases: begin.phases }));
  const [text, setText] = useState(() => restOf(begin));
  const [asking, setAsking] = useState(false);
  const parsed = parse(text);
  const plan: Plan | null = parsed.rest === null ? null : ({ ...parsed.rest, ...head } as Plan);
  const [settled] = useDebouncedValue(JSON.stringify(plan), PAUSE_MS);
  const check = useQuery(checkQuery(rid, JSON.parse(settled) as Plan | null));
  const checked = check.data;
  const isFresh = settled === JSON.stringify(plan) && !check.isPlaceholderData;
  const ready = plan !== null && isFresh && checked?.problems.length === 0;
  const save = useCommand<Plan, { id: string }>({
    name: "loads.keep",
    run: (values, key) => keepPlan(rid, id, values, key),
    onDone: (kept) => {
      say(t("edit.saved"));
      void client.invalidateQueries({ queryKey: ["loads", rid, "plans"] });
      if (id === null) onGo({ plan: kept.id });
    },
    onFailed: complain,
  });
  const remove = useMutation({
    mutationFn: () => removePlan(rid, id ?? ""),
    onSuccess: () => {
      say(t("edit.deleted"));
      onGo({});
    },
    onError: (error) => complain(asApiError(error)),
  });
  return (
    <>
      <PageHead
        title={head.name === "" ? t("new") : head.name}
        sub={typeof begin["about"] === "string" ? begin["about"] : undefined}
      >
        <Button variant="default" onClick={() => onGo({})}>
          {t("edit.back")}
        </Button>
        {id !== null && (
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t("edit.delete")}
          </Button>
        )}
        <Button
          variant="default"
          disabled={!ready}
          loading={save.isPending}
          onClick={() => plan !== null && save.mutate(plan)}
        >
          {t("edit.save")}
        </Button>
        <Button disabled={!ready} onClick={() => setAsking(true)}>
          {t("edit.run")}
        </Button>
      </PageHead>
      <PageBody>
        <Panel>
          <div className={styles.two}>
            <TextInput
              label={t("edit.name")}
              maxLength={120}
              value={head.name}
              onChange={(event) => setHead({ ...head, name: event.currentTarget.value })}
            />
            <TextInput
              label={t("edit.target")}
              description={t("edit.targetHint")}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={head.target}
              onChange={(event) => setHead({ ...head, target: event.currentTarget.value })}
            />
          </div>
        </Panel>
        <div className={styles.two}>
          <Panel title={t("edit.phases")}>
            <Phases phases={head.phases} onChange={(phases) => setHead({ ...head, phases })} />
          </Panel>
          <Curve checked={checked} />
        </div>
        <Problems checked={checked} notJson={parsed.why} />
        <Panel title={t("edit.scenarios")} note={t("edit.scenariosHint")}>
          <Textarea
            aria-label={t("edit.scenarios")}
            classNames={{ input: styles.code ?? "" }}
            autosize
            minRows={14}
            maxRows={40}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Panel>
      </PageBody>
      {asking && plan !== null && checked !== undefined && (
        <Consent
          plan={plan}
          checked={checked}
          onClose={() => setAsking(false)}
          onBegun={(run) => onGo({ run })}
        />
      )}
    </>
  );
}

function parse(text: string): { rest: Record<string, unknown> | null; why: string | null } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { rest: value as Record<string, unknown>, why: null };
    }
    return { rest: null, why: "{ … }" };
  } catch (error) {
    return { rest: null, why: error instanceof Error ? error.message : String(error) };
  }
}

function Curve({ checked }: { checked: Checked | undefined }) {
  const { t } = useTranslation("loads");
  const { count, span } = useFormat();
  if (checked === undefined) return <SkeletonRows rows={3} />;
  const shown = { span: span(checked.for_s * 1000), peak: count(checked.peak) };
  return (
    <Panel
      title={t("edit.curve")}
      note={
        checked.is_closed
          ? t("edit.curveUsers", shown)
          : t("edit.curveRate", { ...shown, arrivals: count(checked.arrivals) })
      }
    >
      <Chart
        label={t("edit.curve")}
        hint={t("chart.walk")}
        at={checked.curve.map(([s]) => s)}
        series={[
          {
            name: checked.is_closed ? t("edit.users") : t("edit.rate"),
            tone: "accent",
            values: checked.curve.map(([, rate]) => rate),
          },
        ]}
      />
    </Panel>
  );
}

function Problems({ checked, notJson }: { checked: Checked | undefined; notJson: string | null }) {
  const { t } = useTranslation("loads");
  const problems = checked?.problems ?? [];
  if (notJson !== null) {
    return (
      <p className={styles.problem} role="alert">
        {t("edit.notJson", { why: notJson })}
      </p>
    );
  }
  if (checked !== undefined && problems.length === 0) {
    return (
      <p className={styles.fine} role="status">
        {t("edit.fine", { count: checked.steps.length })}
      </p>
    );
  }
  return (
    <div className={styles.problem} role="alert">
      <b>{t("edit.problems")}</b>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.place} ${problem.text}`}>
            {problem.place !== "" && <code>{problem.place}</code>} {problem.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
