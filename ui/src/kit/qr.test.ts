import { encode } from "uqr";
import { describe, expect, it } from "vitest";
import { pathOf, QUIET_ZONE } from "./qr";

/** The squares a path of such rectangles covers. */
function covered(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  return rows;
}

describe("the path of a QR code", () => {
  it("has a rectangle for each run of a row", () => {
    expect(
      pathOf([
        [true, true, false, true],
        [false, false, false, false],
        [false, true, true, true],
      ]),
    ).toBe("M0 0h2v1H0zM3 0h1v1H3zM1 2h3v1H1z");
  });

  it("covers the dark squares and no other, and leaves the quiet zone white", () => {
    const { data, size } = encode("otpauth://totp/Comanda:marta?secret=GEZDGNBV", { border: QUIET_ZONE });
    const rows = covered(pathOf(data), size);
    expect(rows).toEqual(data);
    const edge = [...rows.slice(0, QUIET_ZONE), ...rows.slice(-QUIET_ZONE)].flat();
    const sides = rows.flatMap((row) => [...row.slice(0, QUIET_ZONE), ...row.slice(-QUIET_ZONE)]);
    expect([...edge, ...sides]).not.toContain(true);
    expect(rows[QUIET_ZONE]?.[QUIET_ZONE]).toBe(true);
  });
});
