// The frame of a picture over time: its grid and axes, and a cursor that goes from piece to piece by pointer or arrow keys,
// whose figures stand in the sentence above. What is drawn is the caller's.
import type { ReactNode } from "react";
import styles from "./plot.module.css";

/** The picture's own units: as wide as this, and as high as the caller says. */
export const PLOT_WIDTH = 1000;

export function Plot(props: {
  label: string;
  /** What the cursor stands at, in words. */
  caption: ReactNode;
  /** Where each piece stands, from the left. */
  at: readonly number[];
  picked: number | null;
  onPick: (index: number | null) => void;
  height: number;
  /** Room below the grid. */
  below?: number;
  /** What the grid's upper edge and its two ends are. */
  top: string;
  from: string;
  to: string;
  children: ReactNode;
}) {
  const { at, picked, onPick, height } = props;
  const last = at.length - 1;
  const walk = (step: number) => onPick(Math.min(last, Math.max(0, (picked ?? last) + step)));
  const cursor = picked === null ? undefined : at[Math.min(picked, last)];
  return (
    <figure className={styles.chart}>
      <figcaption className="num">{props.caption}</figcaption>
      <div
        className={styles.plot}
        role="group"
        aria-label={props.label}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") walk(1);
          else if (event.key === "ArrowLeft") walk(-1);
          else if (event.key === "Escape" && picked !== null) onPick(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          onPick(nearest(at, ((event.clientX - box.left) / box.width) * PLOT_WIDTH));
        }}
        onPointerLeave={() => onPick(null)}
      >
        <i className="num">{props.top}</i>
        <svg
          viewBox={`0 0 ${PLOT_WIDTH} ${height + (props.below ?? 0)}`}
          preserveAspectRatio="none"
          aria-hidden
        >
          <path
            className={styles.grid}
            d={`M0 ${height}H${PLOT_WIDTH}M0 ${height / 2}H${PLOT_WIDTH}M0 0H${PLOT_WIDTH}`}
          />
          {props.children}
          {cursor !== undefined && <path className={styles.cursor} d={`M${cursor} 0V${height}`} />}
        </svg>
        <Ends from={props.from} to={props.to} />
      </div>
    </figure>
  );
}

/** Where a picture begins and ends, below it. */
export function Ends(props: { from: string; to: string; children?: ReactNode }) {
  return (
    <div className={`${styles.ends} num`}>
      <span>{props.from}</span>
      {props.children}
      <span>{props.to}</span>
    </div>
  );
}

function nearest(at: readonly number[], x: number): number {
  let found = 0;
  at.forEach((one, index) => {
    if (Math.abs(one - x) < Math.abs((at[found] ?? 0) - x)) found = index;
  });
  return found;
}
