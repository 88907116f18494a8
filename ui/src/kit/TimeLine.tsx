// A stretch of time with a handle on one moment of it. What stands on the line is the caller's; the handle is a plain
// slider, moved by the arrow keys as by hand.
import type { ReactNode } from "react";
import styles from "./timeline.module.css";

/** Where a moment is on the line, as CSS takes it. */
export function placeOf(at: number, from: number, to: number): string {
  return `${Math.min(100, Math.max(0, (100 * (at - from)) / Math.max(1, to - from)))}%`;
}

/** What is longer than "21:30" needs more room on a phone. */
const LONG = 8;

export function TimeLine(props: {
  from: number;
  to: number;
  at: number;
  step_ms: number;
  label: string;
  /** The moment in words, for those who do not see the line. */
  text: string;
  /** Under the line, not too many. */
  marks: { at: number; text: string }[];
  /** How the line itself looks: its height and what is on it. */
  className: string | undefined;
  onMove: (at: number) => void;
  children: ReactNode;
}) {
  const { from, to, at } = props;
  return (
    <>
      <div className={`${styles.track} ${props.className ?? ""}`} aria-hidden>
        {props.children}
        <i className={styles.cursor} style={{ left: placeOf(at, from, to) }} />
      </div>
      <input
        className={styles.slider}
        type="range"
        min={from}
        max={to}
        step={props.step_ms}
        value={at}
        aria-label={props.label}
        aria-valuetext={props.text}
        onChange={(event) => props.onMove(Number(event.currentTarget.value))}
      />
      <div
        className={`${styles.marks} num`}
        data-long={props.marks.some((mark) => mark.text.length > LONG) ? "" : undefined}
        aria-hidden
      >
        {props.marks.map((mark) => (
          <span key={mark.at} style={{ left: placeOf(mark.at, from, to) }}>
            {mark.text}
          </span>
        ))}
      </div>
    </>
  );
}
