// A QR code as one path: a rectangle for each run of dark squares in a row. Pure.

/** The white around it that a camera needs, in squares (ISO/IEC 18004). */
export const QUIET_ZONE = 4;

export function pathOf(rows: boolean[][]): string {
  return rows.map((row, y) => rowPath(row, y)).join("");
}

function rowPath(row: boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== true) continue;
    const from = x;
    while (row[x + 1] === true) x += 1;
    path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
  }
  return path;
}
