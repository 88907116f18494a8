// One business day as bars of what happened, with a handle on the moment. The handle is a plain slider: a minute by
// the arrow keys, ten per cent by page up and down.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { RewindDay } from "../api/types";
import { useFormat } from "../kit/format";
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
  const place = to > from ? (100 * (at - from)) / (to - from) : 100;
  const every = Math.max(1, Math.ceil(list.length / 8));
  return (
    <div className={styles.line}>
      <div className={styles.legend} aria-hidden>
        <span data-kind="sales">{t("line.sales")}</span>
        <span data-kind="other">{t("line.other")}</span>
      </div>
      <div className={styles.bars} aria-hidden>
        {list.map((slot) => (
          <Bar key={slot.from_ms} slot={slot} most={most} isPast={slot.from_ms <= at} onPick={onMove} />
        ))}
        <i className={styles.cursor} style={{ left: `${Math.min(100, Math.max(0, place))}%` }} />
      </div>
      <input
        className={styles.slider}
        type="range"
        min={from}
        max={to}
        step={MINUTE_MS}
        value={at}
        aria-label={t("line.slider")}
        aria-valuetext={time(at)}
        onChange={(event) => onMove(Number(event.currentTarget.value))}
      />
      <div className={`${styles.hours} num`} aria-hidden>
        {list
          // The last would stand beyond the end.
          .filter((_, index) => index % every === 0 && index <= list.length - every)
          .map((slot) => (
            <span
              key={slot.from_ms}
              style={{ left: `${(100 * (slot.from_ms - from)) / Math.max(1, to - from)}%` }}
            >
              {time(slot.from_ms)}
            </span>
          ))}
      </div>
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
