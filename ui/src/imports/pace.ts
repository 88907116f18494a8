// How fast something goes and how long it will still take, from how far it came in a time.

export interface Pace {
  /** 0 to 1. */
  share: number;
  perSecond: number;
  leftMs: number;
}

/** Null: nothing can be said yet. */
export function pace(all: number, done: number, tookMs: number): Pace | null {
  if (done <= 0 || tookMs <= 0) return null;
  return {
    share: Math.min(1, done / all),
    perSecond: Math.round((done / tookMs) * 1000),
    leftMs: (tookMs / done) * (all - done),
  };
}
