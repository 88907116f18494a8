// Whether somebody records now, for how long yet, and the presses that begin and end it.
import { Button } from "@mantine/core";
import { IconPlayerRecord, IconPlayerStop } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import styles from "./queries.module.css";

const MINUTES = [1, 5, 15];

/** `until_ms`: when it ends, by the clock of this device; null: nobody records. */
export function Recording({ until_ms, hasCounted }: { until_ms: number | null; hasCounted: boolean }) {
  const { t } = useTranslation("queries");
  const may = useMay();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const after = {
    onDone: () => void client.invalidateQueries({ queryKey: ["queries", rid] }),
    onFailed: useComplain(),
  };
  const path = { rid };
  const record = useCommand({
    name: "queries.record",
    run: (body: { minutes: number }) =>
      ask(api.POST("/api/v1/restaurants/{rid}/queries/recording", { params: { path }, body })),
    ...after,
  });
  const end = useCommand({
    name: "queries.end",
    run: () => ask(api.DELETE("/api/v1/restaurants/{rid}/queries/recording", { params: { path } })),
    ...after,
  });
  const mayRecord = may("health.write");
  const isOn = until_ms !== null;
  return (
    <Panel title={t("recording.title")} note={<Standing isOn={isOn} />}>
      <div className={styles.recording}>
        {isOn ? <Left until_ms={until_ms} /> : <p>{t(mayRecord ? "recording.why" : "recording.whoMay")}</p>}
        {mayRecord &&
          (isOn ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={15} />}
              loading={end.isPending}
              onClick={() => end.mutate(undefined)}
            >
              {t("recording.end")}
            </Button>
          ) : (
            <div className={styles.begin} role="group" aria-label={t("recording.begin")}>
              <IconPlayerRecord size={15} aria-hidden />
              <span aria-hidden>{t("recording.begin")}</span>
              {MINUTES.map((minutes) => (
                <Button
                  key={minutes}
                  variant="default"
                  loading={record.isPending && record.variables.minutes === minutes}
                  aria-label={t("recording.beginOf", { minutes })}
                  onClick={() => record.mutate({ minutes })}
                >
                  {t("recording.minutes", { minutes })}
                </Button>
              ))}
            </div>
          ))}
      </div>
      {mayRecord && !isOn && hasCounted && <p className={styles.note}>{t("recording.afresh")}</p>}
    </Panel>
  );
}

/** Said when it begins and ends, not with every second. */
function Standing({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation("queries");
  return (
    <span role="status">
      <Pill tone={isOn ? "bad" : "mute"}>{t(isOn ? "recording.on" : "recording.off")}</Pill>
    </span>
  );
}

function Left({ until_ms }: { until_ms: number }) {
  const { t } = useTranslation("queries");
  const { span } = useFormat();
  const now = useNow();
  return (
    <p className="num">
      <b>{t("recording.left", { span: span(Math.max(0, until_ms - now)) })}</b> {t("recording.leftWhy")}
    </p>
  );
}
