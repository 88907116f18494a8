// The computer's clock was moved: which way, how far, what it shows now and what to do about it. It stands until
// somebody at the till says that the clock is right; work goes on under it.
import { Button } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { ClockJump, WallClock } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { GuideLink } from "../kit/GuideLink";
import { say } from "../kit/notify";
import { useNow } from "../kit/useNow";
import { wallClockQuery } from "./queries";
import styles from "./wall-clock.module.css";

export function ClockStrip() {
  const query = useQuery(wallClockQuery(useRestaurantId()));
  const newest = query.data?.jumps[0];
  if (query.data === undefined || newest === undefined) return null;
  return <Jumped clock={query.data} newest={newest} asOf_ms={query.dataUpdatedAt - query.data.now_ms} />;
}

function Jumped(props: { clock: WallClock; newest: ClockJump; asOf_ms: number }) {
  const { t } = useTranslation("wall-clock");
  const { newest } = props;
  const { dateTime, time, span } = useFormat();
  const may = useMay();
  const rid = useRestaurantId();
  const now = useNow(1000) - props.asOf_ms;
  const confirm = useCommand({
    name: "wall_clock.confirm",
    run: (jumps: string[], key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/wall-clock/confirm", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body: { jumps },
        }),
      ),
    onDone: () => say(t("said")),
  });
  const way = newest.at_start ? "behind" : newest.by_ms < 0 ? "back" : "forward";
  const before = props.clock.jumps.length - 1;
  return (
    <section className={styles.strip} aria-label={t("label")}>
      <IconClockExclamation size={18} aria-hidden />
      <div className="num">
        <b role="alert">
          {t(way, { by: span(Math.abs(newest.by_ms)), at: time(newest.at_ms) })}
          {before > 0 && ` (${t("times", { count: before })})`}
        </b>
        <p>
          {t("now", { now: dateTime(now) })} {!may("till.write") && t("who")} <GuideLink chapter="clock" />
        </p>
      </div>
      {may("till.write") && (
        <Button
          size="md"
          variant="default"
          loading={confirm.isPending}
          onClick={() => confirm.mutate(props.clock.jumps.map((jump) => jump.id))}
        >
          {t("right")}
        </Button>
      )}
    </section>
  );
}
