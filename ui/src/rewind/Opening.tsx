// Opening the chosen moment: a press, how far it is, and the way out of it.
import { Button, Progress } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { RewindView } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { rewindTo } from "../app/rewound";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { useComplain } from "../kit/notify";
import { rewindViewQuery } from "./queries";
import styles from "./rewind.module.css";

export function Opening({ at_ms }: { at_ms: number }) {
  const { t } = useTranslation("rewind");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const complain = useComplain();
  const [opening, setOpening] = useState<RewindView | null>(null);
  const open = useCommand({
    name: "rewind.open",
    run: (body: { at_ms: number }) =>
      ask<RewindView>(api.POST("/api/v1/restaurants/{rid}/rewind", { params: { path: { rid } }, body })),
    onDone: setOpening,
    onFailed: complain,
  });
  const stop = useCommand({
    name: "rewind.stop",
    run: (view_id: string) =>
      ask(api.DELETE("/api/v1/restaurants/{rid}/rewind/{view_id}", { params: { path: { rid, view_id } } })),
    onFailed: complain,
  });
  const press = () => {
    if (opening === null && !open.isPending) open.mutate({ at_ms });
  };
  useKeys([{ keys: "Enter", label: t("open"), group: t("title"), run: press }]);
  return (
    <div className={styles.opening}>
      <b className="num">{dateTime(at_ms)}</b>
      {opening === null ? (
        <Button leftSection={<IconHistory size={16} />} loading={open.isPending} onClick={press}>
          {t("open")}
        </Button>
      ) : (
        <Making
          view={opening}
          onStop={() => {
            stop.mutate(opening.id);
            setOpening(null);
          }}
        />
      )}
      <p>{t("openWhy")}</p>
    </div>
  );
}

function Making(props: { view: RewindView; onStop: () => void }) {
  const { t } = useTranslation("rewind");
  const { percent } = useFormat();
  const rid = useRestaurantId();
  const navigate = useNavigate();
  const view = useQuery(rewindViewQuery(rid, props.view.id)).data ?? props.view;
  const { id, at_ms, state, done_permille } = view;
  useEffect(() => {
    if (state !== "ready") return;
    rewindTo({ view: id, restaurantId: rid, at_ms });
    void navigate({ to: "/today" });
  }, [state, id, at_ms, rid, navigate]);
  if (state === "failed")
    return (
      <div role="alert" className={styles.failed}>
        <p>{t("failed")}</p>
        <Button variant="default" onClick={props.onStop}>
          {t("again")}
        </Button>
      </div>
    );
  return (
    <div className={styles.making}>
      <Progress value={done_permille / 10} aria-label={t("making")} />
      <span className="num" role="status">
        {t("makingShare", { share: percent(done_permille / 1000) })}
      </span>
      <Button variant="default" size="compact-sm" onClick={props.onStop}>
        {t("stop")}
      </Button>
    </div>
  );
}
