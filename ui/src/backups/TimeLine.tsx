// What can be gone back to, as a line: stretches without a gap, a point for each base, and a handle on the moment.
// The moment can be typed too, to the second.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BackupsOverview } from "../api/types";
import { useMay, useRestaurant } from "../app/queries";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { placeOf, TimeLine as Line } from "../kit/TimeLine";
import { instantOfSecond, wallSecond } from "../kit/wall";
import styles from "./backups.module.css";
import { days, hasFailed, isVerified, span, windowOf } from "./model";
import type { Wish } from "./RestoreWizard";

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

export function TimeLine(props: { overview: BackupsOverview; onPick: (wish: Wish) => void }) {
  const { overview } = props;
  const { t } = useTranslation("backups");
  const { dateTime, moment, time } = useFormat();
  const may = useMay();
  const zone = useRestaurant()?.time_zone ?? "UTC";
  const { from, to } = span(overview);
  const [picked, setPicked] = useState<number | null>(null);
  const at = Math.min(to, Math.max(from, picked ?? to));
  const place = (ms: number) => placeOf(ms, from, to);
  const windows = overview.windows;
  const isWhole = windows.every((window) => window.missing == null);
  const reached = windowOf(at, windows, overview.now_ms);
  const first = windows[0];
  if (first === undefined) return null;
  const ends = windows.map((window, index) => {
    const after = windows[index + 1];
    if (window.missing != null) return window.to_ms;
    return after === undefined ? to : after.from_ms;
  });
  return (
    <Panel
      title={t("line.title", { since: dateTime(first.from_ms) })}
      note={<Pill tone={isWhole ? "ok" : "bad"}>{t(isWhole ? "line.whole" : "line.broken")}</Pill>}
    >
      <div className={styles.line}>
        <Line
          className={styles.track}
          from={from}
          to={to}
          at={at}
          step_ms={SECOND_MS}
          label={t("line.slider")}
          text={moment(at)}
          marks={days(from, to).map((mark) => ({
            at: mark,
            text: to - from <= DAY_MS ? time(mark) : dateTime(mark),
          }))}
          onMove={setPicked}
        >
          {windows.map((window, index) => (
            <i
              key={`${window.epoch}-${window.from_ms}`}
              className={styles.stretch}
              data-older={index < windows.length - 1 ? "" : undefined}
              style={{ left: place(window.from_ms), right: `calc(100% - ${place(ends[index] ?? to)})` }}
            />
          ))}
          {overview.bases.map((base) => (
            <i
              key={base.id}
              className={styles.point}
              data-state={isVerified(base) ? "verified" : hasFailed(base) ? "failed" : "untested"}
              style={{ left: place(base.made_ms) }}
              title={dateTime(base.made_ms)}
            />
          ))}
        </Line>
      </div>
      <div className={styles.pick}>
        <TextInput
          type="datetime-local"
          step={1}
          label={t("line.moment")}
          value={wallSecond(at, zone)}
          onChange={(event) => {
            const typed = instantOfSecond(event.currentTarget.value, zone);
            if (typed !== null) setPicked(typed);
          }}
        />
        <p>
          {t("line.legend")} {reached === null && <b>{t("line.unreachable")}</b>}
        </p>
        {may("backups.write") && (
          <Button
            variant="default"
            disabled={reached === null}
            onClick={() => props.onPick(picked === null ? {} : { at_ms: at })}
          >
            {t("line.look")}
          </Button>
        )}
      </div>
    </Panel>
  );
}
