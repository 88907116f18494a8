// When a job runs by itself: its usual time, another one, or not at all.
import { Stack, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Job } from "../api/types";
import { useCommand } from "../api/useCommand";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import styles from "./jobs.module.css";
import { sentenceOf } from "./words";

export function ScheduleForm({ job, onDone }: { job: Job; onDone: () => void }) {
  const { t, i18n } = useTranslation("jobs");
  const queryClient = useQueryClient();
  const [pattern, setPattern] = useState(job.pattern);
  const [paused, setPaused] = useState(job.paused);
  const save = useCommand({
    name: "job.schedule",
    run: (said: { pattern: string | null; paused: boolean }) =>
      ask<Job>(api.PUT("/api/v1/jobs/{name}/schedule", { params: { path: { name: job.name } }, body: said })),
    onDone: () => {
      say(t("schedule.saved"));
      void queryClient.invalidateQueries({ queryKey: ["jobs"] });
      onDone();
    },
  });
  const failed = save.error;
  const ofField = failed?.field === "pattern" ? failed.message : undefined;
  const typed = pattern.trim();
  const said = sentenceOf(typed === "" ? job.usual_pattern : typed, i18n.language);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ pattern: typed === "" || typed === job.usual_pattern ? null : typed, paused });
      }}
    >
      <Stack gap="md">
        <p className={styles.said} role="status">
          {said ?? t("schedule.noSentence")}
        </p>
        <TextInput
          data-autofocus
          label={t("schedule.pattern")}
          description={t("schedule.patternHint", { usual: job.usual_pattern })}
          value={pattern}
          maxLength={100}
          error={ofField}
          onChange={(event) => setPattern(event.currentTarget.value)}
        />
        <Switch
          label={t("schedule.paused")}
          checked={paused}
          onChange={(event) => setPaused(event.currentTarget.checked)}
        />
        <FormFoot error={ofField === undefined ? failed : null} isSaving={save.isPending} remove={null} />
      </Stack>
    </form>
  );
}
