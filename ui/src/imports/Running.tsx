// Imports on their way in: how far, how fast, how long still, and a way to stop them. Also seen by someone who comes
// back to the page, or who did not start it.
import { Button, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCommand } from "../api/useCommand";
import type { ImportRun } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { useNow } from "../kit/useNow";
import { pace } from "./pace";
import { runsQuery, stopImport } from "./queries";
import styles from "./imports.module.css";

/** `run` is missing while the file travels to the engine. */
export function Running(props: { name: string; run?: ImportRun }) {
  const { t } = useTranslation("imports");
  const rid = useRestaurantId();
  const may = useMay();
  const client = useQueryClient();
  const { count, span } = useFormat();
  const { run } = props;
  const now = useNow(500);
  const stop = useCommand<{ id: string }, unknown>({
    name: "imports.stop",
    run: ({ id }) => stopImport(rid, id),
    onDone: () => void client.invalidateQueries({ queryKey: runsQuery(rid).queryKey }),
  });
  const far = run?.orders == null ? null : pace(run.orders, run.written, now - run.began_ms);
  return (
    <Panel>
      <div className={styles.running} role="status">
        <h2>{t("running.title", { name: props.name })}</h2>
        <Progress
          value={far === null ? 100 : far.share * 100}
          animated={far === null}
          striped={far === null}
          aria-label={t("running.label")}
        />
        <p className="num">
          {run?.stopped === true
            ? t("running.stopping")
            : far === null || run?.orders == null
              ? t("running.reading")
              : t("running.far", {
                  written: count(run.written),
                  orders: count(run.orders),
                  rate: count(far.perSecond),
                  left: span(far.leftMs),
                })}{" "}
          {t("running.leave")}
        </p>
        {run !== undefined && may("imports.write") && (
          <div>
            <Button
              variant="default"
              disabled={run.stopped}
              loading={stop.isPending}
              onClick={() => stop.mutate({ id: run.id })}
            >
              {t("running.stop")}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
