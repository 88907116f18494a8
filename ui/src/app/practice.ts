// Whether this screen practises: then everything it asks and does is in the house people practise in. Kept for this
// window, so that a reload goes on practising; nobody comes back to work without saying so.
import { useSyncExternalStore } from "react";
import { queryClient } from "./queryClient";

export const PRACTICE_HEADER = "x-practice";

const KEY = "comanda.practice";
const listeners = new Set<() => void>();
/** The restaurant it practises at; null: it is at work. */
let restaurantId: string | null = load();

function load(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Who is signed in and the restaurant's own settings are the same in practice. */
const SAME = new Set(["session", "settings", "practice"]);

function set(next: string | null): void {
  // What was read on one side is never shown on the other; an answer on its way finds nothing to be kept in.
  queryClient.removeQueries({ predicate: (query) => !SAME.has(String(query.queryKey[0])) });
  restaurantId = next;
  try {
    if (next === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, next);
  } catch {
    // Private windows refuse storage: practice then ends with the page.
  }
  for (const tell of listeners) tell();
}

export function practiseAt(restaurant: string): void {
  set(restaurant);
}

export function backToWork(): void {
  if (restaurantId !== null) set(null);
}

export function currentPractice(): string | null {
  return restaurantId;
}

export function usePractice(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentPractice);
}

/**
 * Whether a request is practice. Everything under the restaurant is, except the restaurant itself (its name and money
 * are the same, and are needed to show that practice has ended), the moments of its past, and going in and out.
 */
export function isPractice(address: string): boolean {
  if (restaurantId === null) return false;
  const root = `/restaurants/${restaurantId}/`;
  const at = address.indexOf(root);
  return at >= 0 && !/^(rewind|practice)(\/|\?|$)/.test(address.slice(at + root.length));
}

/** A day's work with guests is practised; people, menu and settings are changed at work. The engine says the same. */
const PRACTISED = new Set([
  "orders.write",
  "orders.void",
  "orders.void_fired",
  "orders.cancel",
  "orders.pay",
  "orders.discount",
  "orders.comp",
  "orders.approve",
  "orders.refund",
  "floor.serve",
  "kitchen.write",
  "menu.available",
  "till.write",
  "till.close_day",
  "inbox.write",
  // Starting afresh, from within.
  "practice.write",
]);

export function mayInPractice(permission: string): boolean {
  return (
    PRACTISED.has(permission) ||
    (permission.endsWith(".read") && !/^(imports|exports|rewind)\./.test(permission))
  );
}
