// Geometry and rules of the floor as the page needs them. Pure. Lengths are centimetres.
import type { Floor, FloorArea, FloorSpot, FloorTable, TableShape } from "../api/types";

/** Tables stand on a grid of this many centimetres. */
export const GRID_CM = 20;
export const TABLE_CM_MIN = 40;
export const TABLE_CM_MAX = 2_000;
/** What a chair takes around a table. */
export const CHAIR_CM = 26;
/** So many seats are offered as buttons; more are typed. */
export const SEATS_OFFERED_MAX = 8;

export interface Shaped {
  width_cm: number;
  height_cm: number;
  seats: number;
}
export const usual: Record<TableShape, Shaped> = {
  square: { width_cm: 80, height_cm: 80, seats: 4 },
  round: { width_cm: 100, height_cm: 100, seats: 4 },
  rectangle: { width_cm: 160, height_cm: 80, seats: 6 },
  bar: { width_cm: 300, height_cm: 60, seats: 5 },
};
export const shapes = Object.keys(usual) as TableShape[];

export const snap = (cm: number) => Math.round(cm / GRID_CM) * GRID_CM;
const within = (n: number, low: number, high: number) => Math.max(low, Math.min(n, high));

/** The same table somewhere else, never outside of its area. */
export function moved(spot: FloorSpot, area: FloorArea, x_cm: number, y_cm: number): FloorSpot {
  return {
    ...spot,
    x_cm: within(x_cm, 0, Math.max(0, area.width_cm - spot.width_cm)),
    y_cm: within(y_cm, 0, Math.max(0, area.height_cm - spot.height_cm)),
  };
}

export function sized(spot: FloorSpot, area: FloorArea, width_cm: number, height_cm: number): FloorSpot {
  return {
    ...spot,
    width_cm: within(width_cm, TABLE_CM_MIN, Math.min(TABLE_CM_MAX, area.width_cm - spot.x_cm)),
    height_cm: within(height_cm, TABLE_CM_MIN, Math.min(TABLE_CM_MAX, area.height_cm - spot.y_cm)),
  };
}

export const turned = (spot: FloorSpot, deg: number): FloorSpot => ({
  ...spot,
  rotation_deg: ((((spot.rotation_deg ?? 0) + deg) % 360) + 360) % 360,
});

export const sameSpot = (a: FloorSpot, b: FloorSpot) =>
  a.x_cm === b.x_cm &&
  a.y_cm === b.y_cm &&
  a.width_cm === b.width_cm &&
  a.height_cm === b.height_cm &&
  (a.rotation_deg ?? 0) === (b.rotation_deg ?? 0);

const overlap = (a: FloorSpot, b: FloorSpot, gap: number) =>
  a.x_cm < b.x_cm + b.width_cm + gap &&
  b.x_cm < a.x_cm + a.width_cm + gap &&
  a.y_cm < b.y_cm + b.height_cm + gap &&
  b.y_cm < a.y_cm + a.height_cm + gap;

/** Where a new table goes: the first place with room for its chairs, else the corner. */
export function freeSpot(area: FloorArea, others: FloorSpot[], size: Shaped): FloorSpot {
  const { width_cm, height_cm } = size;
  const spot = { x_cm: 0, y_cm: 0, width_cm, height_cm, rotation_deg: 0 };
  for (let y = 2 * GRID_CM; y + height_cm <= area.height_cm - GRID_CM; y += GRID_CM) {
    for (let x = 2 * GRID_CM; x + width_cm <= area.width_cm - GRID_CM; x += GRID_CM) {
      const there = { ...spot, x_cm: x, y_cm: y };
      if (!others.some((other) => overlap(there, other, 2 * GRID_CM))) return there;
    }
  }
  return sized(spot, area, width_cm, height_cm);
}

export const nameKey = (name: string) => name.trim().toLowerCase();

/** The lowest number no table has. */
export function nextName(tables: Pick<FloorTable, "name">[]): string {
  const taken = new Set(tables.map((table) => nameKey(table.name)));
  let number = 1;
  while (taken.has(String(number))) number += 1;
  return String(number);
}

export interface Chair {
  x: number;
  y: number;
  deg: number;
}

/** Chairs around a table, from its middle: a circle, its sides by their length, or one side of a bar. */
export function chairs(shape: TableShape, seats: number, width: number, height: number): Chair[] {
  const out = CHAIR_CM / 2 - 4;
  if (shape === "round") {
    return Array.from({ length: seats }, (_, nth) => {
      const deg = (360 / seats) * nth;
      const at = (deg * Math.PI) / 180;
      return { x: Math.sin(at) * (width / 2 + out), y: -Math.cos(at) * (height / 2 + out), deg };
    });
  }
  const row = (count: number, side: number, deg: number) =>
    Array.from({ length: count }, (_, nth) => ({ along: ((nth + 0.5) / count - 0.5) * side, deg }));
  const isWide = width >= height;
  const long = Math.max(width, height);
  if (shape === "bar") {
    return row(seats, long, 180).map(({ along }) =>
      isWide ? { x: along, y: height / 2 + out, deg: 180 } : { x: width / 2 + out, y: along, deg: 90 },
    );
  }
  // The ends of a long table seat one each once its sides are full.
  const perSide = Math.max(1, Math.floor(long / 60));
  const ends = Math.max(0, Math.min(2, seats - 2 * perSide));
  const sides = seats - ends;
  const first = Math.ceil(sides / 2);
  const place = (along: number, deg: number): Chair => {
    if (deg === 0)
      return isWide ? { x: along, y: -height / 2 - out, deg } : { x: -width / 2 - out, y: along, deg: 270 };
    return isWide ? { x: along, y: height / 2 + out, deg } : { x: width / 2 + out, y: along, deg: 90 };
  };
  const end = (nth: number): Chair => {
    const at = (nth === 0 ? 1 : -1) * (long / 2 + out);
    return isWide ? { x: at, y: 0, deg: nth === 0 ? 90 : 270 } : { x: 0, y: at, deg: nth === 0 ? 180 : 0 };
  };
  return [
    ...row(first, long, 0).map(({ along }) => place(along, 0)),
    ...row(sides - first, long, 180).map(({ along }) => place(along, 180)),
    ...Array.from({ length: ends }, (_, nth) => end(nth)),
  ];
}

/** Tables whose call nobody has answered, who waits longest first. */
export function calling(floor: Floor): FloorTable[] {
  return floor.tables
    .filter((table) => table.call != null && table.call.answered_at_ms == null)
    .sort((a, b) => (a.call?.called_at_ms ?? 0) - (b.call?.called_at_ms ?? 0));
}

/** As people count: 2 before 10, names after numbers. */
export const byName = (a: Pick<FloorTable, "name">, b: Pick<FloorTable, "name">) =>
  a.name.localeCompare(b.name, undefined, { numeric: true });

export const coversOf = (table: FloorTable) =>
  table.orders.reduce((sum, order) => sum + (order.covers ?? 0), 0);
export const dueOf = (table: FloorTable) => table.orders.reduce((sum, order) => sum + order.due_minor, 0);
export const readyOf = (table: FloorTable) => table.orders.reduce((sum, order) => sum + order.lines_ready, 0);
/** When the first party of it sat down. */
export const sinceOf = (table: FloorTable): number | null => table.orders[0]?.opened_at_ms ?? null;

/** "Carla Rossi" -> "CR" */
export const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join("")
    .slice(0, 2)
    .toUpperCase();
