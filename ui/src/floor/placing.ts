// Where tables are while somebody arranges them: what is dragged or nudged shows at once and is saved a moment
// later; Escape takes back what is not saved yet, Ctrl Z what was saved last.
import { useCallback, useEffect, useRef, useState } from "react";
import type { FloorSpot, FloorTable } from "../api/types";
import { useArrange } from "./commands";
import { sameSpot } from "./model";

/** Somebody who holds an arrow key down is not saved at every step. */
const SAVE_AFTER_MS = 500;
const UNDO_MAX = 50;

type Spots = Record<string, FloorSpot>;

export function usePlacing(tables: FloorTable[]) {
  const [unsaved, setUnsaved] = useState<Spots>({});
  const [undo, setUndo] = useState<{ id: string; spot: FloorSpot }[]>([]);
  const latest = useRef({ tables, unsaved });
  useEffect(() => {
    latest.current = { tables, unsaved };
  });
  const drop = useCallback(
    (ids: string[]) =>
      setUnsaved((old) => Object.fromEntries(Object.entries(old).filter(([id]) => !ids.includes(id)))),
    [],
  );
  const arrange = useArrange({
    onDone: (placed) => drop(placed.map((one) => one.table_id)),
    onFailed: (placed) => drop(placed.map((one) => one.table_id)),
  });
  const send = arrange.mutate;

  const place = useCallback(
    (id: string, spot: FloorSpot) => setUnsaved((old) => ({ ...old, [id]: spot })),
    [],
  );
  const save = useCallback(
    (id: string, spot?: FloorSpot) => {
      const table = latest.current.tables.find((one) => one.id === id);
      const next = spot ?? latest.current.unsaved[id];
      if (table === undefined || next === undefined) return;
      if (sameSpot(table.spot, next)) return drop([id]);
      setUndo((old) => [...old, { id, spot: table.spot }].slice(-UNDO_MAX));
      setUnsaved((old) => ({ ...old, [id]: next }));
      send([{ table_id: id, spot: next }]);
    },
    [drop, send],
  );
  const takeBack = useCallback(() => {
    const last = undo.at(-1);
    if (last === undefined) return;
    setUndo(undo.slice(0, -1));
    setUnsaved((old) => ({ ...old, [last.id]: last.spot }));
    send([{ table_id: last.id, spot: last.spot }]);
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
      drop([id]);
      return was;
    },
    [drop],
  );
  const spotOf = (table: FloorTable) => unsaved[table.id] ?? table.spot;
  return { spotOf, place, save, nudge, rest, giveUp, takeBack, canTakeBack: undo.length > 0 };
}
