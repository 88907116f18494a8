// Where tables are while somebody arranges them: what is dragged or nudged shows at once and is saved a moment
// later; Escape takes back what is not saved yet, Ctrl Z what was saved last. What is on its way to the engine counts
// as saved, so that neither an answer that comes late nor an Escape before it moves a table about.
import { useCallback, useEffect, useRef, useState } from "react";
import type { FloorSpot, FloorTable } from "../api/types";
import { type Placing, useArrange } from "./commands";
import { sameSpot } from "./model";

/** Somebody who holds an arrow key down is not saved at every step. */
const SAVE_AFTER_MS = 500;
const UNDO_MAX = 50;

type Spots = Record<string, FloorSpot>;

const without = (spots: Spots, gone: string) =>
  Object.fromEntries(Object.entries(spots).filter(([id]) => id !== gone));

export function usePlacing(tables: FloorTable[]) {
  const [unsaved, setUnsaved] = useState<Spots>({});
  const [sent, setSent] = useState<Spots>({});
  const [undo, setUndo] = useState<{ id: string; spot: FloorSpot }[]>([]);
  const latest = useRef({ tables, unsaved, sent });
  useEffect(() => {
    latest.current = { tables, unsaved, sent };
  });
  const drop = useCallback((id: string) => setUnsaved((old) => without(old, id)), []);
  /** The last that was sent of a table waits for its own answer, not for an earlier one. */
  const answered = (placed: Placing[]) =>
    setSent((old) =>
      placed.reduce(
        (left, { table_id, spot }) => (left[table_id] === spot ? without(left, table_id) : left),
        old,
      ),
    );
  const { mutate } = useArrange({ onDone: answered, onFailed: answered });
  const send = useCallback(
    (id: string, spot: FloorSpot) => {
      drop(id);
      setSent((old) => ({ ...old, [id]: spot }));
      mutate([{ table_id: id, spot }]);
    },
    [drop, mutate],
  );

  const place = useCallback(
    (id: string, spot: FloorSpot) => setUnsaved((old) => ({ ...old, [id]: spot })),
    [],
  );
  const save = useCallback(
    (id: string, spot?: FloorSpot) => {
      const known = latest.current;
      const saved = known.sent[id] ?? known.tables.find((one) => one.id === id)?.spot;
      const next = spot ?? known.unsaved[id];
      if (saved === undefined || next === undefined) return;
      if (sameSpot(saved, next)) return drop(id);
      setUndo((old) => [...old, { id, spot: saved }].slice(-UNDO_MAX));
      send(id, next);
    },
    [drop, send],
  );
  const takeBack = useCallback(() => {
    const last = undo.at(-1);
    if (last === undefined) return;
    setUndo(undo.slice(0, -1));
    send(last.id, last.spot);
  }, [undo, send]);

  /** For the keyboard: saved when the keys rest. */
  const timer = useRef<{ id: string; handle: number } | null>(null);
  const rest = useCallback(() => {
    const waiting = timer.current;
    timer.current = null;
    if (waiting === null) return;
    window.clearTimeout(waiting.handle);
    save(waiting.id);
  }, [save]);
  const nudge = useCallback(
    (id: string, spot: FloorSpot) => {
      if (timer.current !== null && timer.current.id !== id) rest();
      if (timer.current !== null) window.clearTimeout(timer.current.handle);
      place(id, spot);
      timer.current = { id, handle: window.setTimeout(rest, SAVE_AFTER_MS) };
    },
    [place, rest],
  );
  useEffect(() => rest, [rest]);
  /** True: there was something not saved, and it is as it was. */
  const giveUp = useCallback(
    (id: string) => {
      if (timer.current?.id === id) {
        window.clearTimeout(timer.current.handle);
        timer.current = null;
      }
      const was = latest.current.unsaved[id] !== undefined;
      drop(id);
      return was;
    },
    [drop],
  );
  const spotOf = (table: FloorTable) => unsaved[table.id] ?? sent[table.id] ?? table.spot;
  return { spotOf, place, save, nudge, rest, giveUp, takeBack, canTakeBack: undo.length > 0 };
}
