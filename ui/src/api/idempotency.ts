// One key for one press. The key is made when the person presses, kept on this device until the answer is
// known, and used again by every retry of the same press, also after a reload. So a payment whose answer got
// lost is asked about again, never made twice.
import { v7 as uuidv7 } from "uuid";

interface Pending {
  key: string;
  at_ms: number;
}

const STORE = "comanda.pending";
/** The engine keeps first answers for days; a press older than this is a new wish. */
const KEEP_MS = 24 * 3600_000;
/** More presses than this cannot be waiting at once on one screen. */
const KEEP_COUNT = 64;

function load(): Record<string, Pending> {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") as Record<string, Pending>;
  } catch {
    return {};
  }
}

function save(all: Record<string, Pending>): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(all));
  } catch {
    // Without storage the keys live in `memory` alone and do not survive a reload.
  }
}

const memory = new Map<string, Pending>();

/** The key of this press: the waiting one if the same wish is still unanswered, else a new one. */
export function keyFor(wish: string, options: { secret?: boolean; now_ms?: number } = {}): string {
  const now = options.now_ms ?? Date.now();
  const waiting = memory.get(wish) ?? (options.secret === true ? undefined : load()[digest(wish)]);
  if (waiting !== undefined && now - waiting.at_ms < KEEP_MS) return waiting.key;
  const pending = { key: uuidv7(), at_ms: now };
  memory.set(wish, pending);
  if (options.secret !== true) {
    const fresh = Object.entries(load())
      .filter(([, p]) => now - p.at_ms < KEEP_MS)
      .sort(([, a], [, b]) => b.at_ms - a.at_ms)
      .slice(0, KEEP_COUNT - 1);
    save({ ...Object.fromEntries(fresh), [digest(wish)]: pending });
  }
  return pending.key;
}

/** The answer is known: the next press of the same button is a new wish. */
export function settle(wish: string): void {
  memory.delete(wish);
  const all = load();
  const id = digest(wish);
  if (id in all) {
    save(Object.fromEntries(Object.entries(all).filter(([other]) => other !== id)));
  }
}

/** A short name for a wish, so that storage holds no contents (cyrb53, not a security measure). */
function digest(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
