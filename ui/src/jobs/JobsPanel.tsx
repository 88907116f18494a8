// What the engine does by itself: when next, how it went; running, cancelling and trying again by hand.
import { Button, Group, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Job, JobRun } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { Table } from "../kit/Table";
import styles from "./jobs.module.css";
import { jobRunsQuery, jobsQuery } from "./queries";
import { ScheduleForm } from "./ScheduleForm";
import { sentenceOf, useJobName } from "./words";

const tones: Record<JobRun["state"], Tone> = {
  waiting: "info",
  running: "info",
  done: "ok",
  dead: "bad",
  cancelled: "mute",
};

export function JobsPanel() {
  const { t, i18n } = useTranslation("jobs");
  const { dateTime } = useFormat();
  const nameOf = useJobName();
  const may = useMay();
  const { data: jobs } = useQuery(jobsQuery);
  const [scheduled, setScheduled] = useState<Job | null>(null);
  const [shows, setShows] = useState(false);
  if (jobs === undefined) return null;
  return (
    <Panel
      title={t("title")}
      note={
        <Button size="compact-sm" variant="subtle" aria-expanded={shows} onClick={() => setShows(!shows)}>
          {shows ? t("runs.hide") : t("runs.show")}
        </Button>
      }
    >
      <p className={styles.why}>{t("why")}</p>
      <Table
        label={t("title")}
        rows={jobs.items}
        keyOf={(job) => job.name}
        stacks
        columns={[
          {
            head: t("job"),
            wraps: true,
            cell: (job) => (
              <>
                {nameOf(job.name)}
                <small>{t(`does.${job.name as "clean_up"}`, { defaultValue: "" })}</small>
              </>
            ),
          },
          {
            head: t("next"),
            wraps: true,
            cell: (job) =>
              job.paused ? (
                t("paused")
              ) : (
                <>
                  {job.next_ms != null ? dateTime(job.next_ms) : t("never")}
                  <small>{sentenceOf(job.pattern, i18n.language) ?? job.pattern}</small>
                </>
              ),
          },
          { head: t("last"), wraps: true, cell: (job) => <Ending run={job.open ?? job.last ?? null} /> },
          may("health.write") && {
            head: null,
            cell: (job) => <Actions job={job} onSchedule={() => setScheduled(job)} />,
          },
        ]}
      />
      {shows && <Runs />}
      <Modal
        opened={scheduled !== null}
        onClose={() => setScheduled(null)}
        title={scheduled && t("schedule.of", { job: nameOf(scheduled.name) })}
      >
        {scheduled && <ScheduleForm job={scheduled} onDone={() => setScheduled(null)} />}
      </Modal>
    </Panel>
  );
}

/** How a run stands, when, and what came of it. */
function Ending({ run }: { run: JobRun | null }) {
  const { t } = useTranslation("jobs");
  const { dateTime, count } = useFormat();
  if (run === null) return <span className={styles.mute}>{t("notYet")}</span>;
  const at = run.ended_ms ?? run.begun_ms ?? run.due_ms;
  const again = run.state === "waiting" && run.attempts > 0;
  return (
    <span className={styles.ending}>
      <Pill tone={again ? "warn" : tones[run.state]}>
        {again ? t("state.again") : t(`state.${run.state}`)}
      </Pill>
      <span>{again ? t("tries", { at: dateTime(run.due_ms), count: run.attempts }) : dateTime(at)}</span>
      {run.amount != null && (
        <small>
          {t(`amount.${run.job as "clean_up"}`, {
            count: run.amount,
            amount: count(run.amount),
            defaultValue: "",
          })}
        </small>
      )}
      {run.trouble != null && <small className={styles.trouble}>{run.trouble}</small>}
    </span>
  );
}

function Actions({ job, onSchedule }: { job: Job; onSchedule: () => void }) {
  const { t } = useTranslation("jobs");
  const queryClient = useQueryClient();
  const nameOf = useJobName();
  const onDone = () => void queryClient.invalidateQueries({ queryKey: ["jobs"] });
  const onFailed = useComplain();
  const run = useCommand({
    name: "job.run",
    run: () => ask(api.POST("/api/v1/jobs/{name}/run", { params: { path: { name: job.name } } })),
    onDone,
    onFailed,
  });
  const cancel = useCommand({
    name: "job.cancel",
    run: ({ id }: { id: number }) =>
      ask(api.POST("/api/v1/jobs/runs/{id}/cancel", { params: { path: { id } } })),
    onDone,
    onFailed,
  });
  const { open } = job;
  const runs = open?.state === "running";
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        disabled={runs}
        loading={run.isPending}
        aria-label={t("run.of", { job: nameOf(job.name) })}
        onClick={() => run.mutate({})}
      >
        {job.last?.state === "dead" && open == null ? t("run.again") : t("run.now")}
      </Button>
      {open != null && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={t("cancel.of", { job: nameOf(job.name) })}
          onClick={() => cancel.mutate({ id: open.id })}
        >
          {t("cancel.it")}
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={t("schedule.of", { job: nameOf(job.name) })}
        onClick={onSchedule}
      >
        {t("schedule.when")}
      </Button>
    </Group>
  );
}

/** The newest runs of all jobs. */
function Runs() {
  const { t } = useTranslation("jobs");
  const nameOf = useJobName();
  const { data: runs } = useQuery(jobRunsQuery);
  if (runs === undefined) return null;
  if (runs.items.length === 0) return <p className={styles.mute}>{t("runs.none")}</p>;
  return (
    <ol className={styles.runs} aria-label={t("runs.title")}>
      {runs.items.map((run) => (
        <li key={run.id}>
          <b>{nameOf(run.job)}</b>
          <span className={styles.mute}>{t(`asked.${run.why}`)}</span>
          <Ending run={run} />
        </li>
      ))}
    </ol>
  );
}
