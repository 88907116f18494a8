// Every request as a place in time and latency: the darker, the more of them. A bitmap, because there are many.
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Ends } from "../kit/Plot";
import styles from "./loads.module.css";
import { clock, heatEdge, ms } from "./model";
import type { LoadWindow } from "./types";

/** Fewer rows would make one quick second look like a slow one. */
const ROWS_MIN = 8;

export function Heat(props: { columns: readonly LoadWindow[]; until?: number }) {
  const { t } = useTranslation("loads");
  const { count } = useFormat();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme();
  const { columns } = props;
  const rows = Math.max(ROWS_MIN, ...columns.map((w) => w.heat.length));
  const last = columns.at(-1)?.at_s ?? 0;
  const length = Math.max(1, props.until ?? last + 1, last + 1);
  const each = columns.length > 1 ? (columns[1]?.at_s ?? 1) - (columns[0]?.at_s ?? 0) : 1;
  const wide = Math.max(1, Math.ceil(length / Math.max(1, each)));
  useEffect(() => {
    const area = canvas.current;
    const brush = area?.getContext("2d");
    if (area == null || brush == null) return;
    area.width = wide;
    area.height = rows;
    const most = Math.log1p(Math.max(1, ...columns.flatMap((w) => w.heat)));
    brush.clearRect(0, 0, wide, rows);
    brush.fillStyle = getComputedStyle(area).color;
    columns.forEach((window, x) => {
      window.heat.forEach((many, row) => {
        if (many === 0) return;
        brush.globalAlpha = 0.12 + 0.88 * (Math.log1p(many) / most);
        brush.fillRect(x, rows - 1 - row, 1, 1);
      });
    });
  }, [columns, rows, wide, scheme]);
  return (
    <figure className={styles.heat}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${t("chart.heat")}, ${t("chart.heatNote", { ms: count(ms(heatEdge(rows - 1))) })}`}
      />
      <Ends from="0:00" to={clock(length)}>
        <span>{t("chart.heatNote", { ms: count(ms(heatEdge(rows - 1))) })}</span>
      </Ends>
    </figure>
  );
}
