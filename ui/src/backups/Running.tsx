// What is being done now: how far, and the way out of it.
import { Button, Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupsOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import styles from "./backups.module.css";

export function Running({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("backups");
  const { percent, span } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
  const stop = useCommand({
    name: "backups.stop",
    run: (run_id: string) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/backups/runs/{run_id}", { params: { path: { rid, run_id } } }),
      ),
    onFailed: useComplain(),
  });
  const running = overview.runs.filter((run) => run.state === "running");
  if (running.length === 0) return null;
  return (
    <ul className={styles.running} aria-label={t("running.title")}>
      {running.map((run) => (
        <li key={run.id}>
          <div>
            <b>{t(`run.${run.what}`)}</b>
            <span className="num" role="status">
              {t(`step.${run.step}`)} · {percent(run.done_permille / 1000)} ·{" "}
              {span(overview.now_ms - run.began_ms)}
            </span>
          </div>
          <Progress value={run.done_permille / 10} aria-label={t(`run.${run.what}`)} />
          {may("backups.write") && run.what !== "restore" && (
            <Button variant="default" size="compact-md" onClick={() => stop.mutate(run.id)}>
              {t("running.stop")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
