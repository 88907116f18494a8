// The keys of the whole window in one list: what is registered here works and is shown by `?`.
// "n" is one key, "mod+k" a chord, "g t" one key after the other. Keys rest while a person types or a dialog is open.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { keepPress } from "./typed-ahead";

export interface KeyEntry {
  keys: string;
  /** What it does, in the person's language. */
  label: string;
  /** Heading in the map. */
  group: string;
  run: () => void;
  /** Works also while typing or in a dialog. */
  always?: boolean;
}

let entries: readonly KeyEntry[] = [];
const listeners = new Set<() => void>();
/** The second key of a sequence must come within this time. */
const SEQUENCE_MS = 900;
let waiting: { key: string; at: number } | null = null;

function publish(next: readonly KeyEntry[]): void {
  entries = next;
  for (const tell of listeners) tell();
}

/** Registers keys as long as the component stands. `list` may be made anew on every render. */
export function useKeys(list: KeyEntry[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const signature = list.map((entry) => `${entry.keys}|${entry.group}|${entry.label}`).join("\n");
  useEffect(() => {
    const mine: KeyEntry[] = latest.current.map((entry, index) => ({
      ...entry,
      run: () => latest.current[index]?.run(),
    }));
    publish([...entries, ...mine]);
    return () => publish(entries.filter((entry) => !mine.includes(entry)));
  }, [signature]);
}

export function useKeyMap(): readonly KeyEntry[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );
}

export function chordOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.altKey ? "alt+" : ""}${key}`;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A switch, a radio or a list to choose from is an input too, but nobody types into it.
  if (target instanceof HTMLInputElement) {
    return !target.readOnly && !/^(checkbox|radio|button|submit)$/.test(target.type);
  }
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"]') !== null;
}

/** A dialog that this very press closes was open all the same: the page behind it keeps still. */
let wasDialogOpen = false;
/** Escape closes a menu and nothing behind it. */
let wasMenuOpen = false;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const chord = chordOf(event);
  const sequence =
    waiting !== null && Date.now() - waiting.at < SEQUENCE_MS ? `${waiting.key} ${chord}` : null;
  waiting = null;
  const isForMenu = wasMenuOpen && chord === "Escape";
  const busy = isTyping(event.target) || isDialogOpen() || wasDialogOpen || isForMenu;
  // The last registered wins: a page may take over a key of the shell.
  const find = (keys: string) => entries.findLast((entry) => entry.keys.toLowerCase() === keys.toLowerCase());
  const hit = (sequence === null ? undefined : find(sequence)) ?? find(chord);
  if (hit !== undefined && (!busy || hit.always === true)) {
    event.preventDefault();
    hit.run();
  } else if (
    !busy &&
    entries.some((entry) => entry.keys.toLowerCase().startsWith(`${chord.toLowerCase()} `))
  ) {
    waiting = { key: chord, at: Date.now() };
  }
}

export function listenToKeys(): void {
  const look = (event: KeyboardEvent) => {
    if (keepPress(event)) return;
    wasDialogOpen = isDialogOpen();
    wasMenuOpen = document.querySelector('[role="menu"]') !== null;
  };
  window.addEventListener("keydown", look, { capture: true });
  window.addEventListener("keydown", onKeyDown);
}

/** "mod+k" -> ["Ctrl", "K"], as printed on the keyboard. */
export function keyCaps(keys: string): string[] {
  const mac = navigator.platform.startsWith("Mac");
  return keys.split(/[ +]/).map((part) => {
    if (part === "mod") return mac ? "⌘" : "Ctrl";
    if (part === "alt") return mac ? "⌥" : "Alt";
    return part.length === 1 ? part.toUpperCase() : part.replace(/^Arrow/, "");
  });
}
