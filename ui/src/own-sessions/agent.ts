// What a browser says of itself (User-Agent), as people call it. Rough on purpose: it is there to tell devices apart.

const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\//, "Firefox"],
  [/\b(Headless)?Chrome\//, "Chrome"],
  [/\bVersion\/.*Safari\//, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/\biPad\b/, "iPad"],
  [/\biPhone\b/, "iPhone"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "Mac"],
  [/\bLinux\b/, "Linux"],
];

const named = (among: [RegExp, string][], agent: string) =>
  among.find(([pattern]) => pattern.test(agent))?.[1];

/** Its parts: a browser and a system, or the first word of a program that is none; null: it said nothing. */
export function deviceOf(agent: string): { browser: string; system: string | null } | null {
  const browser = named(BROWSERS, agent) ?? agent.split(/[\s/]/)[0];
  if (browser === undefined || browser === "") return null;
  return { browser, system: named(SYSTEMS, agent) ?? null };
}
