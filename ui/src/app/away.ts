// Whether the engine is gone, as its answers tell: who asks again and again does so less often while nobody answers.
// The one rule for every query and for the live line; the first answer ends it.

const FIRST_MS = 3_000;
/** Nobody waits longer than this to see that it is back. */
export const PAUSE_MS_MAX = 24_000;

/** Since when nobody answers; null: somebody does. */
let since_ms: number | null = null;

export function noteAnswer(isGone: boolean): void {
  if (!isGone) since_ms = null;
  else since_ms ??= Date.now();
}

/** Null while the engine answers; else how long to wait between two questions: 3 s, then 6, 12 and 24. */
export function pauseMs(): number | null {
  if (since_ms === null) return null;
  const rounds = Math.floor(Math.log2((Date.now() - since_ms) / FIRST_MS + 1));
  return Math.min(FIRST_MS * 2 ** Math.max(0, rounds - 1), PAUSE_MS_MAX);
}

/** This pace, or a slower one while the engine is gone. */
export const paced = (usual_ms: number): number => Math.max(usual_ms, pauseMs() ?? 0);

/** Whoever was asked in vain a moment ago is not asked three times at once. */
export const isLongGone = (): boolean => since_ms !== null && Date.now() - since_ms > FIRST_MS;
