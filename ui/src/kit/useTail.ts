// The lines of a log, the newest first: what is there, what comes, and older ones when asked. Kept here and not as a
// query, because lines are only ever added at both ends. Whose log it is, `Reading` knows.
import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, asApiError } from "../api/errors";
import type { LogLevel, LogLine, LogLines, LogStream } from "../api/types";

/** A window holds this many; older ones are let go. */
export const LINES_MAX = 100_000;
const PER_READING = 1_000;

export interface Wish {
  stream: LogStream;
  q: string;
  level: LogLevel | null;
}

export interface Tail {
  /** Null: nothing has come yet. */
  lines: LogLine[] | null;
  hasOlder: boolean;
  isReading: boolean;
  storedBytes: number;
  error: ApiError | null;
  readOlder: () => void;
}

export interface Spot {
  before?: string;
  after?: string;
}

/** What is asked for, as the engine takes it. */
export interface Query extends Spot {
  limit: number;
  q?: string;
  level?: LogLevel;
}

/** Where lines come from, and how often one looks for new ones. */
export interface Reading {
  read: (stream: LogStream, query: Query) => Promise<LogLines>;
  lookAgain_ms: number;
}

const asked = ({ q, level }: Wish, spot: Spot): Query => ({
  limit: PER_READING,
  ...(q === "" ? {} : { q }),
  ...(level === null ? {} : { level }),
  ...spot,
});

/** `follows`: what is written meanwhile is added. The caller remounts it for another wish. */
export function useTail({ read, lookAgain_ms }: Reading, wish: Wish, follows: boolean): Tail {
  const [lines, setLines] = useState<LogLine[] | null>(null);
  const [ends, setEnds] = useState<{ older: string | null; newer: string | null }>({
    older: null,
    newer: null,
  });
  const [isReading, setReading] = useState(true);
  const [storedBytes, setStored] = useState(0);
  const [error, setError] = useState<ApiError | null>(null);
  const busy = useRef(false);

  const turn = useCallback(
    async (spot: Spot) => {
      if (busy.current) return;
      busy.current = true;
      try {
        const found = await read(wish.stream, asked(wish, spot));
        const newestFirst = found.items.reverse();
        const isNewer = spot.after !== undefined;
        setLines((known) =>
          isNewer ? [...newestFirst, ...(known ?? [])] : [...(known ?? []), ...newestFirst],
        );
        setEnds((known) => ({
          older: isNewer ? known.older : (found.older ?? null),
          newer: spot.before === undefined ? (found.newer ?? null) : known.newer,
        }));
        setStored(found.stored_bytes);
        setError(null);
      } catch (failed) {
        setError(asApiError(failed));
      } finally {
        busy.current = false;
        setReading(false);
      }
    },
    [read, wish],
  );

  useEffect(() => {
    const first = window.setTimeout(() => void turn({}));
    return () => window.clearTimeout(first);
  }, [turn]);
  const { newer, older } = ends;
  useEffect(() => {
    if (!follows) return undefined;
    const timer = window.setInterval(() => void turn(newer === null ? {} : { after: newer }), lookAgain_ms);
    return () => window.clearInterval(timer);
  }, [follows, lookAgain_ms, newer, turn]);

  const isFull = lines !== null && lines.length >= LINES_MAX;
  return {
    lines: isFull ? lines.slice(0, LINES_MAX) : lines,
    hasOlder: older !== null && !isFull,
    isReading,
    storedBytes,
    error,
    readOlder: () => {
      if (older === null || busy.current) return;
      setReading(true);
      void turn({ before: older });
    },
  };
}
