// One's own clock: in, on a break, out; and the week so far. The number that matters is how long one is here today.
import { Button } from "@mantine/core";
import { IconCoffee, IconDoorExit, IconLogin2, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OwnClock } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { say } from "../kit/notify";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonPage } from "../kit/Skeletons";
import { useNow } from "../kit/useNow";
import styles from "./clock.module.css";
import { type Step, useClockStep } from "./commands";
import { hours } from "./model";
import { ownClockQuery } from "./queries";
import { ShiftRow } from "./ShiftRow";

export function ClockPage() {
  const query = useQuery(ownClockQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={4} />}>
      {(clock) => <Loaded clock={clock} asked_ms={query.dataUpdatedAt} />}
    </Answer>
  );
}

function Loaded({ clock, asked_ms }: { clock: OwnClock; asked_ms: number }) {
  const { t } = useTranslation("clock");
  const { time } = useFormat();
  // Time goes on between two answers, by the engine's clock.
  const gone_ms = Math.max(0, useNow(5_000) - asked_ms);
  const { shift, week } = clock;
  const pause = shift?.breaks.find((one) => one.ended_ms == null);
  const onBreak = pause !== undefined;
  const worked = shift == null ? 0 : shift.worked_ms + (onBreak ? 0 : gone_ms);
  const step = useClockStep((_, done) => say(t(`done.${done}`)));
  const press = (wish: Step) =>
    step.mutate({
      step: wish,
      for: `${week.staff_id} ${shift?.id ?? week.shifts.length} ${pause?.id ?? ""}`,
    });
  useKeys(
    shift == null
      ? [{ keys: "i", label: t("in"), group: t("title"), run: () => press("in") }]
      : [
          {
            keys: "b",
            label: onBreak ? t("resume") : t("break"),
            group: t("title"),
            run: () => press(onBreak ? "resume" : "break"),
          },
          { keys: "o", label: t("out"), group: t("title"), run: () => press("out") },
        ],
  );
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")} />
      <PageBody narrow>
        <section className={styles.now} aria-label={t("now")}>
          {shift == null ? (
            <>
              <p className={styles.state}>{t("off")}</p>
              <Button
                size="lg"
                leftSection={<IconLogin2 size={18} />}
                rightSection={<KeyCaps keys="i" onAccent />}
                loading={step.isPending}
                onClick={() => press("in")}
              >
                {t("in")}
              </Button>
            </>
          ) : (
            <>
              <div>
                <b className={`${styles.big} num`}>{hours(worked)}</b>
                <p className={styles.state}>
                  {onBreak
                    ? t("onBreak", { time: time(pause.started_ms) })
                    : t("since", { time: time(shift.started_ms) })}
                </p>
                {shift.forgotten && <p className={styles.warn}>{t("forgottenOwn")}</p>}
              </div>
              <div className={styles.steps}>
                <Button
                  size="lg"
                  variant="default"
                  leftSection={onBreak ? <IconPlayerPlay size={18} /> : <IconCoffee size={18} />}
                  rightSection={<KeyCaps keys="b" />}
                  loading={step.isPending}
                  onClick={() => press(onBreak ? "resume" : "break")}
                >
                  {onBreak ? t("resume") : t("break")}
                </Button>
                <Button
                  size="lg"
                  leftSection={<IconDoorExit size={18} />}
                  rightSection={<KeyCaps keys="o" onAccent />}
                  loading={step.isPending}
                  onClick={() => press("out")}
                >
                  {t("out")}
                </Button>
              </div>
            </>
          )}
        </section>
        <Panel
          title={t("week")}
          note={t("total", { hours: hours(week.worked_ms + (shift == null || onBreak ? 0 : gone_ms)) })}
        >
          {week.shifts.length === 0 ? (
            <p className={styles.none}>{t("weekNone")}</p>
          ) : (
            <ul className={styles.shifts}>
              {week.shifts.map((one) => (
                <ShiftRow key={one.id} shift={one} />
              ))}
            </ul>
          )}
        </Panel>
      </PageBody>
    </>
  );
}
