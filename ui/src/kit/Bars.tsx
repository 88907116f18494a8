// Sums or counts as bars, each with a mark for what it was before. Arrow keys walk the bars and the sentence above says the
// figures; the page has the same numbers in a table, for screen readers too.
import { useState } from "react";
import { niceCeiling } from "./axis";
import { useFormat } from "./format";
import styles from "./bars.module.css";

export interface ShownBar {
  key: string;
  /** Under the bar. */
  label: string;
  /** What is said of it. */
  sentence: string;
  value: number;
  before?: number;
  /** It is not over. */
  isRunning?: boolean;
}

/** Labels that stand beside each other without touching. */
const LABELS_MAX = 12;

export function Bars(props: {
  bars: ShownBar[];
  label: string;
  now: string;
  before?: string;
  /** How the axis says a value; without it values are minor units of money. */
  axis?: (value: number) => string;
}) {
  const { bars } = props;
  const { moneyRough, exponent } = useFormat();
  const unit = props.axis === undefined ? 10 ** exponent : 1;
  const say = props.axis ?? moneyRough;
  const [picked, setPicked] = useState<number | null>(null);
  const peak = Math.max(1, ...bars.map((bar) => Math.max(bar.value, bar.before ?? 0)));
  const top = niceCeiling(peak / unit) * unit;
  const share = (value: number) => `${(100 * Math.max(0, value)) / top}%`;
  const every = Math.ceil(bars.length / LABELS_MAX);
  // On a phone a third of them is left.
  const isMinor = (index: number) => bars.length > LABELS_MAX && index % (every * 3) !== 0;
  const bar = picked === null ? undefined : bars[picked];
  const walk = (step: number) =>
    setPicked((at) => Math.min(bars.length - 1, Math.max(0, (at ?? (step > 0 ? -1 : bars.length)) + step)));
  return (
    <figure className={styles.chart}>
      <figcaption className={`${styles.legend} num`}>
        {bar === undefined ? (
          <>
            <span className={styles.keyNow}>{props.now}</span>
            {props.before !== undefined && <span className={styles.keyBefore}>{props.before}</span>}
          </>
        ) : (
          <span aria-live="polite">{bar.sentence}</span>
        )}
      </figcaption>
      {/* A group, not an image: the bars inside are walked with the arrow keys. */}
      <div
        className={styles.plot}
        role="group"
        aria-label={props.label}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") walk(1);
          else if (event.key === "ArrowLeft") walk(-1);
          else if (event.key === "Escape") setPicked(null);
          else return;
          event.preventDefault();
        }}
        onMouseLeave={() => setPicked(null)}
        onBlur={() => setPicked(null)}
      >
        <div className={styles.grid} aria-hidden>
          {[1, 0.5].map((line) => (
            <span key={line} style={{ bottom: `${line * 100}%` }}>
              <i className="num">{say(top * line)}</i>
            </span>
          ))}
        </div>
        <div className={styles.bars} aria-hidden>
          {bars.map((one, index) => (
            <div
              key={one.key}
              className={styles.slot}
              data-picked={picked === index ? "" : undefined}
              data-running={one.isRunning === true ? "" : undefined}
              onMouseEnter={() => setPicked(index)}
            >
              <div className={styles.well}>
                <div className={styles.bar} style={{ height: share(one.value) }} />
                {one.before !== undefined && one.before > 0 && (
                  <div className={styles.before} style={{ bottom: share(one.before) }} />
                )}
              </div>
              <small className="num" data-minor={isMinor(index) ? "" : undefined}>
                {index % every === 0 ? one.label : ""}
              </small>
            </div>
          ))}
        </div>
      </div>
    </figure>
  );
}
