// Where a draft waits: with the engine, saved a moment after each change, so that neither Escape nor a reload nor
// another device loses what was taken.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { v7 as uuidv7 } from "uuid";
import { api, ask } from "../api/client";
import { asApiError } from "../api/errors";
import type { Order, SavedDraft } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { type Draft, emptyDraft, toBody } from "./draft";
import { draftsQuery } from "./queries";

/** Somebody who types is not saved at every letter. */
const SAVE_AFTER_MS = 400;
const DRAFT = "/api/v1/restaurants/{rid}/order-drafts/{draft_id}";

export const isBlank = (draft: Draft) =>
  draft.lines.length === 0 && draft.table === "" && draft.note === "" && draft.covers === null;

interface Place {
  rid: string;
  order_id: string | null;
}

const save = ({ rid, order_id }: Place, draft: Draft) =>
  ask(api.PUT(DRAFT, { params: { path: { rid, draft_id: draft.id } }, body: toBody(draft, order_id) }));

export function useDraft(order_id: string | null, first: Draft | null, table?: string) {
  const rid = useRestaurantId();
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => first ?? { ...emptyDraft(uuidv7()), table: table ?? "" });
  const unsaved = useRef<Draft | null>(null);
  const isKept = useRef(first !== null);
  const last = useRef(Promise.resolve());
  /** One after the other: an older save that came late would take the newer one's lines away. */
  const inTurn = useCallback((ask: () => Promise<unknown>, onFailed: (error: unknown) => void) => {
    last.current = last.current.then(ask).then(() => undefined, onFailed);
    return last.current;
  }, []);
  const place = useRef<Place>({ rid, order_id });

  /** What the next opening of the dialog reads, before the engine has said it. */
  const remember = useCallback(
    (change: (items: SavedDraft[]) => SavedDraft[]) =>
      client.setQueryData(draftsQuery(rid).queryKey, (old) => ({ items: change(old?.items ?? []) })),
    [client, rid],
  );
  /** Saves what waits; done when every save has its answer. */
  const flush = useCallback((): Promise<void> => {
    const waiting = unsaved.current;
    unsaved.current = null;
    if (waiting === null) return last.current;
    isKept.current = true;
    return inTurn(
      () => save(place.current, waiting),
      (error) => {
        // Tried again with the next change; submitting saves once more.
        if (asApiError(error).code === "unreachable") unsaved.current ??= waiting;
      },
    );
  }, [inTurn]);
  useEffect(() => {
    const timer = setTimeout(() => void flush(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft, flush]);
  useEffect(() => () => void flush(), [flush]);

  const keep = (next: Draft) => {
    setDraft(next);
    if (isBlank(next) && !isKept.current) return;
    unsaved.current = next;
    const saved = { id: next.id, saved_at_ms: Date.now(), ...toBody(next, order_id) };
    remember((items) => [...items.filter((item) => item.id !== next.id), saved]);
  };
  const begin = () => {
    unsaved.current = null;
    remember((items) => items.filter((item) => item.id !== draft.id));
    isKept.current = false;
    setDraft(emptyDraft(uuidv7()));
  };
  const giveUp = () => {
    const { id } = draft;
    if (isKept.current) {
      const params = { path: { rid, draft_id: id } };
      void inTurn(
        () => ask(api.POST(`${DRAFT}/abandon`, { params })),
        () => undefined,
      );
    }
    begin();
  };
  return { draft, keep, begin, giveUp, flush };
}

/** Saves the draft as it is on screen, after what is being saved, and makes it an order, or lines of its order. */
export function useSubmitDraft(
  order_id: string | null,
  flush: () => Promise<void>,
  onDone: (order: Order, fire: boolean) => void,
) {
  const rid = useRestaurantId();
  return useCommand<{ draft: Draft; fire: boolean }, Order>({
    name: order_id === null ? "orders.open" : "orders.add_lines",
    run: async ({ draft }, key) => {
      await flush();
      try {
        await save({ rid, order_id }, draft);
      } catch (error) {
        // It is submitted already: the same key brings the first answer.
        if (asApiError(error).code !== "illegal_step") throw error;
      }
      const params = { path: { rid, draft_id: draft.id }, header: { "Idempotency-Key": key } };
      return ask(api.POST(`${DRAFT}/submit`, { params }));
    },
    onDone: (order, { fire }) => onDone(order, fire),
  });
}
