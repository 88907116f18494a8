// A floor to begin with: a dining room with a bar, and a terrace. Everything on it can be changed.
import type { NewFloor, TableShape } from "../api/types";
import { usual } from "./model";

type Spot = [name: number, shape: TableShape, x: number, y: number, seats?: number];

const room: Spot[] = [
  [1, "square", 80, 80, 2],
  [2, "square", 260, 80, 2],
  [3, "square", 440, 80],
  [4, "square", 620, 80],
  [5, "round", 80, 260],
  [6, "round", 280, 260],
  [7, "rectangle", 480, 260],
  [8, "rectangle", 720, 260],
  [9, "round", 80, 460, 5],
  [10, "rectangle", 280, 480, 8],
];
const terrace: Spot[] = [
  [11, "square", 80, 80],
  [12, "square", 260, 80],
  [13, "square", 440, 80],
  [14, "round", 80, 280],
  [15, "round", 280, 280],
  [16, "round", 480, 280],
];

const tableOf = ([name, shape, x_cm, y_cm, seats]: Spot) => {
  const { width_cm, height_cm, seats: often } = usual[shape];
  const width = shape === "rectangle" && (seats ?? 0) > 6 ? 220 : width_cm;
  return {
    name: String(name),
    shape,
    seats: seats ?? often,
    spot: { x_cm, y_cm, width_cm: width, height_cm, rotation_deg: 0 },
  };
};

export function firstFloor(names: { room: string; terrace: string; bar: string }): NewFloor {
  const bar = {
    name: names.bar,
    shape: "bar" as const,
    seats: 6,
    spot: { x_cm: 600, y_cm: 520, width_cm: 340, height_cm: 60, rotation_deg: 0 },
  };
  return {
    areas: [
      { name: names.room, width_cm: 1_000, height_cm: 680, tables: [...room.map(tableOf), bar] },
      { name: names.terrace, width_cm: 660, height_cm: 460, tables: terrace.map(tableOf) },
    ],
  };
}
