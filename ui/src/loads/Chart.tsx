// Lines over time, drawn as the seconds come. Arrow keys walk the seconds and the sentence above says the figures.
import { useState } from "react";
import { niceCeiling } from "../kit/axis";
import { useFormat } from "../kit/format";
import { Plot, PLOT_WIDTH } from "../kit/Plot";
import { clock, ms } from "./model";

export interface Series {
  name: string;
  tone: "accent" | "warn" | "bad" | "mute";
  /** As dashes: a wish, not a measurement. */
  dashed?: boolean;
  values: readonly number[];
}

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
  const x = (s: number) => (s / length) * PLOT_WIDTH;
  const y = (value: number) => H - (Math.max(0, value) / top) * H;
  const shown = Math.min(picked ?? at.length - 1, at.length - 1);
  return (
    <Plot
      label={`${props.label}. ${props.hint}`}
      at={at.map(x)}
      picked={picked}
      onPick={setPicked}
      height={H}
      top={`${count(top)}${unit}`}
      from="0:00"
      to={clock(length)}
      caption={
        <>
          {picked !== null && <b aria-live="polite">{clock(at[shown] ?? 0)}</b>}
          {series.map((line) => (
            <span key={line.name} data-tone={line.tone} data-dashed={line.dashed === true ? "" : undefined}>
              {line.name} {shown >= 0 && `${count(ms(line.values[shown] ?? 0))}${unit}`}
            </span>
          ))}
        </>
      }
    >
      {series.map((line) => (
        <path
          key={line.name}
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
    </Plot>
  );
}
