// One business day as bars of what happened, with a handle on the moment: a minute by the arrow keys, ten per cent by
// page up and down.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { RewindDay } from "../api/types";
import { useFormat } from "../kit/format";
import { TimeLine as Line } from "../kit/TimeLine";
import { type Slot, slots } from "./model";
import styles from "./rewind.module.css";

const MINUTE_MS = 60_000;

export function TimeLine(props: {
  day: RewindDay;
  now_ms: number;
  at: number;
  onMove: (at_ms: number) => void;
}) {
  const { day, now_ms, at, onMove } = props;
  const { t } = useTranslation("rewind");
  const { time } = useFormat();
  const list = useMemo(() => slots(day, now_ms), [day, now_ms]);
  const from = list[0]?.from_ms ?? day.from_ms;
  const to = list.at(-1)?.to_ms ?? day.to_ms;
  const most = Math.max(1, ...list.map((slot) => slot.sales + slot.other));
  const every = Math.max(1, Math.ceil(list.length / 8));
  // The last would stand beyond the end.
  const marks = list.filter((_, index) => index % every === 0 && index <= list.length - every);
  return (
    <div className={styles.line}>
      <div className={styles.legend} aria-hidden>
        <span data-kind="sales">{t("line.sales")}</span>
        <span data-kind="other">{t("line.other")}</span>
      </div>
      <Line
        className={styles.bars}
        from={from}
        to={to}
        at={at}
        step_ms={MINUTE_MS}
        label={t("line.slider")}
        text={time(at)}
        marks={marks.map((slot) => ({ at: slot.from_ms, text: time(slot.from_ms) }))}
        onMove={onMove}
      >
        {list.map((slot) => (
          <Bar key={slot.from_ms} slot={slot} most={most} isPast={slot.from_ms <= at} onPick={onMove} />
        ))}
      </Line>
    </div>
  );
}

function Bar(props: { slot: Slot; most: number; isPast: boolean; onPick: (at_ms: number) => void }) {
  const { slot, most } = props;
  const share = (count: number) => `${(100 * count) / most}%`;
  return (
    <div
      className={styles.slot}
      data-past={props.isPast ? "" : undefined}
      onClick={() => props.onPick(slot.to_ms)}
    >
      <i data-kind="other" style={{ height: share(slot.other) }} />
      <i data-kind="sales" style={{ height: share(slot.sales) }} />
    </div>
  );
}
