// Lines over time, drawn as the seconds come. Arrow keys walk the seconds and the sentence above says the figures.
import { useState } from "react";
import { niceCeiling } from "../kit/axis";
import { useFormat } from "../kit/format";
import styles from "./loads.module.css";
import { clock, ms } from "./model";

export interface Series {
  name: string;
  tone: "accent" | "warn" | "bad" | "mute";
  /** As dashes: a wish, not a measurement. */
  dashed?: boolean;
  values: readonly number[];
}

const W = 1000;
const H = 220;

export function Chart(props: {
  label: string;
  /** Seconds of each value, beginning at the first. */
  at: readonly number[];
  /** The whole length; the lines grow into it. */
  until?: number;
  series: readonly Series[];
  unit?: string;
  hint: string;
}) {
  const { count } = useFormat();
  const [picked, setPicked] = useState<number | null>(null);
  const { at, series } = props;
  const unit = props.unit === undefined ? "" : ` ${props.unit}`;
  const top = niceCeiling(Math.max(0.001, ...series.flatMap((line) => line.values)));
  const last = at.at(-1) ?? 0;
  const length = Math.max(1, props.until ?? last, last);
  const x = (s: number) => (s / length) * W;
  const y = (value: number) => H - (Math.max(0, value) / top) * H;
  const shown = picked === null ? at.length - 1 : Math.min(picked, at.length - 1);
  const walk = (step: number) =>
    setPicked((now) => Math.min(at.length - 1, Math.max(0, (now ?? at.length - 1) + step)));
  return (
    <figure className={styles.chart}>
      <figcaption className="num">
        {picked !== null && <b aria-live="polite">{clock(at[shown] ?? 0)}</b>}
        {series.map((line) => (
          <span key={line.name} data-tone={line.tone} data-dashed={line.dashed === true ? "" : undefined}>
            {line.name} {shown >= 0 && `${count(ms(line.values[shown] ?? 0))}${unit}`}
          </span>
        ))}
      </figcaption>
      <div
        className={styles.plot}
        role="group"
        aria-label={`${props.label}. ${props.hint}`}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") walk(1);
          else if (event.key === "ArrowLeft") walk(-1);
          else if (event.key === "Escape" && picked !== null) setPicked(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const s = ((event.clientX - box.left) / box.width) * length;
          let nearest = 0;
          at.forEach((one, index) => {
            if (Math.abs(one - s) < Math.abs((at[nearest] ?? 0) - s)) nearest = index;
          });
          setPicked(nearest);
        }}
        onPointerLeave={() => setPicked(null)}
      >
        <i className="num">{`${count(top)}${unit}`}</i>
        <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" aria-hidden>
          <path className={styles.grid} d={`M0 ${H}H${W}M0 ${H / 2}H${W}M0 0H${W}`} />
          {series.map((line) => (
            <path
              key={line.name}
              className={styles.line}
              data-tone={line.tone}
              data-dashed={line.dashed === true ? "" : undefined}
              d={line.values
                .map(
                  (value, index) =>
                    `${index === 0 ? "M" : "L"}${x(at[index] ?? 0).toFixed(1)} ${y(value).toFixed(1)}`,
                )
                .join("")}
            />
          ))}
          {picked !== null && at.length > 0 && (
            <path className={styles.cursor} d={`M${x(at[shown] ?? 0)} 0V${H}`} />
          )}
        </svg>
        <div className={`${styles.axis} num`}>
          <span>0:00</span>
          <span>{clock(length)}</span>
        </div>
      </div>
    </figure>
  );
}
