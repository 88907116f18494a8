import { expect, test } from "vitest";
import type { FloorArea } from "../api/types";
import { byName, chairs, freeSpot, moved, nextName, sized, turned, usual } from "./model";

const area: FloorArea = { id: "a", name: "Hall", width_cm: 800, height_cm: 600 };
const spot = { x_cm: 100, y_cm: 100, width_cm: 80, height_cm: 80, rotation_deg: 0 };

test("a table never leaves its area", () => {
  expect(moved(spot, area, -40, 1_000)).toMatchObject({ x_cm: 0, y_cm: 520 });
  expect(sized(spot, area, 5_000, 10)).toMatchObject({ width_cm: 700, height_cm: 40 });
});

test("a table turns within a full circle", () => {
  expect(turned(spot, -45).rotation_deg).toBe(315);
  expect(turned({ ...spot, rotation_deg: 315 }, 45).rotation_deg).toBe(0);
});

test("a new table gets a place of its own and the lowest free number", () => {
  const first = freeSpot(area, [], usual.square);
  const second = freeSpot(area, [first], usual.square);
  expect(second.x_cm - first.x_cm).toBeGreaterThanOrEqual(80 + 40);
  expect(nextName([{ name: "1" }, { name: "3" }, { name: "Bar" }])).toBe("2");
});

test("there are as many chairs as seats, none of them on the table", () => {
  for (const shape of ["square", "round", "rectangle", "bar"] as const) {
    for (let seats = 1; seats <= 14; seats += 1) {
      for (const [width, height] of [
        [80, 80],
        [200, 80],
        [80, 200],
      ] as const) {
        const around = chairs(shape, seats, width, height);
        expect(around).toHaveLength(seats);
        const inside = around.filter(({ x, y }) => Math.abs(x) < width / 2 && Math.abs(y) < height / 2);
        if (shape !== "round") expect(inside).toEqual([]);
      }
    }
  }
});

test("tables are named in the order people count", () => {
  expect(
    ["10", "Bar", "2"]
      .map((name) => ({ name }))
      .sort(byName)
      .map((one) => one.name),
  ).toEqual(["2", "10", "Bar"]);
});
