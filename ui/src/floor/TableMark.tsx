// One table on the plan: its shape with chairs, what it is doing, who calls. The button is the table; the drawing
// behind it is for the eye alone.
import { IconBell, IconCheck } from "@tabler/icons-react";
import type { CSSProperties, KeyboardEvent, PointerEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FloorSpot, FloorTable } from "../api/types";
import { useFormat } from "../kit/format";
import { CHAIR_CM, chairs, coversOf, dueOf, initials, readyOf, sinceOf } from "./model";
import styles from "./plan.module.css";
import { isCalling, useTableWords } from "./words";

interface Props {
  table: FloorTable;
  now: number;
  isOn: boolean;
  /** Not whom the filter asks for. */
  isFaint?: boolean;
  spot?: FloorSpot;
  pressed?: boolean;
  onPick: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  onPointerDown?: (event: PointerEvent) => void;
  onBlur?: () => void;
  /** In the editor: what it is, not what it is doing. */
  plain?: boolean;
  children?: ReactNode;
}

export function TableMark(props: Props) {
  const { t } = useTranslation("floor");
  const { money, span } = useFormat();
  const words = useTableWords();
  const { table, now } = props;
  const spot = props.spot ?? table.spot;
  const since = sinceOf(table);
  const isFree = table.orders.length === 0 || props.plain === true;
  const ready = readyOf(table);
  const style = {
    "--x": spot.x_cm,
    "--y": spot.y_cm,
    "--tw": spot.width_cm,
    "--th": spot.height_cm,
    "--turn": `${spot.rotation_deg ?? 0}deg`,
  } as CSSProperties;
  return (
    <button
      type="button"
      className={styles.table}
      style={style}
      data-table={table.id}
      data-shape={table.shape}
      data-state={props.plain === true ? undefined : table.state}
      data-on={props.isOn ? "" : undefined}
      data-faint={props.isFaint === true ? "" : undefined}
      data-calling={isCalling(table) && props.plain !== true ? "" : undefined}
      aria-pressed={props.pressed}
      aria-current={props.pressed === undefined && props.isOn ? "true" : undefined}
      onClick={props.onPick}
      onKeyDown={props.onKeyDown}
      onPointerDown={props.onPointerDown}
      onBlur={props.onBlur}
    >
      <span className="visually-hidden">
        {props.plain === true ? words.plan(table) : words.all(table, now)}
      </span>
      <Drawing table={table} spot={spot} isEmpty={isFree} />
      <span className={styles.label} aria-hidden>
        <b>{table.name}</b>
        {isFree ? (
          <small className="num">{t("seats", { count: table.seats })}</small>
        ) : (
          <>
            <small className="num">
              {coversOf(table) > 0 && <span className={styles.guests}>{coversOf(table)} · </span>}
              {since !== null && span(now - since)}
            </small>
            <small className={`${styles.due} num`}>{money(dueOf(table))}</small>
          </>
        )}
      </span>
      {!props.plain && ready > 0 && (
        <span className={styles.ready} aria-hidden title={t("ready", { count: ready })}>
          <IconCheck size={12} stroke={2.6} /> {ready}
        </span>
      )}
      {!props.plain && isCalling(table) && (
        <span className={styles.bell} aria-hidden>
          <IconBell size={14} stroke={2} />
        </span>
      )}
      {table.waiter != null && !props.plain && (
        <span className={styles.who} aria-hidden title={table.waiter.name}>
          {initials(table.waiter.name)}
        </span>
      )}
      {props.children}
    </button>
  );
}

function Drawing(props: { table: FloorTable; spot: FloorSpot; isEmpty: boolean }) {
  const { table, spot } = props;
  const [w, h] = [spot.width_cm, spot.height_cm];
  const around = chairs(table.shape, table.seats, w, h);
  const taken = props.isEmpty ? 0 : coversOf(table);
  const corner = table.shape === "bar" ? 8 : 14;
  return (
    <svg
      className={styles.drawing}
      aria-hidden
      viewBox={`${-CHAIR_CM} ${-CHAIR_CM} ${w + 2 * CHAIR_CM} ${h + 2 * CHAIR_CM}`}
    >
      {around.map((chair, nth) => (
        <rect
          key={nth}
          className={styles.chair}
          data-taken={nth < taken ? "" : undefined}
          x={-15}
          y={-8}
          width={30}
          height={16}
          rx={7}
          transform={`translate(${w / 2 + chair.x} ${h / 2 + chair.y}) rotate(${chair.deg})`}
        />
      ))}
      {table.shape === "round" ? (
        <ellipse className={styles.top} cx={w / 2} cy={h / 2} rx={w / 2} ry={h / 2} />
      ) : (
        <rect className={styles.top} width={w} height={h} rx={corner} />
      )}
    </svg>
  );
}
