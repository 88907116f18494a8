// Which moment of the past this screen looks at; null: now. It lives as long as the page, so a reload is a way back.
import { useSyncExternalStore } from "react";

export interface Rewound {
  /** The engine's name for the open moment. */
  view: string;
  restaurantId: string;
  at_ms: number;
}

let rewound: Rewound | null = null;
const listeners = new Set<() => void>();

function set(next: Rewound | null): void {
  rewound = next;
  for (const tell of listeners) tell();
}

export function rewindTo(moment: Rewound): void {
  set(moment);
}

export function comeBack(): void {
  if (rewound !== null) set(null);
}

export function currentlyRewound(): Rewound | null {
  return rewound;
}

export function useRewound(): Rewound | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentlyRewound);
}

export const REWIND_HEADER = "x-rewind";

/**
 * The moment a request is to be answered from. Everything under the restaurant is, also what would change something
 * (the engine then refuses it), except what chooses moments and holds them against now, and the backups.
 */
export function momentFor(address: string): string | null {
  if (rewound === null) return null;
  const root = `/restaurants/${rewound.restaurantId}`;
  const at = address.indexOf(root);
  if (at < 0) return null;
  return /^\/(rewind|backups)(\/|\?|$)/.test(address.slice(at + root.length)) ? null : rewound.view;
}

/** In the past one may look at what one may look at now, and do nothing. */
export function mayInThePast(permission: string): boolean {
  return permission.endsWith(".read") && !/^(imports|exports)\./.test(permission);
}
