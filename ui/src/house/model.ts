// What the page makes of what it is told. Pure.

/** A fingerprint in lines of eight pairs, to be compared with the eyes. */
export function inLines(fingerprint: string): string[] {
  const pairs = fingerprint.split(":");
  const lines: string[] = [];
  for (let at = 0; at < pairs.length; at += 8) lines.push(pairs.slice(at, at + 8).join(" "));
  return lines;
}

export type Kind = "tablet" | "phone" | "computer";

/** What a browser most likely runs on, for the name that is proposed. A tablet says that it is a computer, but for touch. */
export function kindOf(agent: string, touches: number): Kind {
  if (/iPhone|Android.*Mobile/.test(agent)) return "phone";
  if (/iPad|Android/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return "tablet";
  return "computer";
}
