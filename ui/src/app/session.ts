// Who is signed in on this device: the token and the restaurant in view, kept in localStorage.
// Not here: the person and the permissions, which are server state (see queries.ts).
import { useSyncExternalStore } from "react";

export interface Session {
  token: string;
  restaurantId: string | null;
}

const KEY = "comanda.session";
const SETUP_KEY = "comanda.setup";
const listeners = new Set<() => void>();
let session: Session | null = load();

function load(): Session | null {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (
      typeof parsed === "object" &&
      parsed !== null &&
      "token" in parsed &&
      typeof parsed.token === "string"
    ) {
      const restaurantId =
        "restaurantId" in parsed && typeof parsed.restaurantId === "string" ? parsed.restaurantId : null;
      return { token: parsed.token, restaurantId };
    }
  } catch {
    // A storage that cannot be read is the same as nobody signed in.
  }
  return null;
}

function set(next: Session | null): void {
  session = next;
  try {
    if (next === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Private windows refuse storage; the session then lives as long as the page.
  }
  for (const tell of listeners) tell();
}

export function currentSession(): Session | null {
  return session;
}
export function sessionToken(): string | null {
  return session?.token ?? null;
}
export function startSession(token: string, restaurantId: string | null): void {
  set({ token, restaurantId });
}
export function chooseRestaurant(restaurantId: string): void {
  if (session !== null) set({ ...session, restaurantId });
}
export function endSession(): void {
  set(null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export function onSessionChange(listener: () => void): () => void {
  return subscribe(listener);
}
export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, currentSession);
}

// Signing out in one tab signs out the others.
window.addEventListener("storage", (event) => {
  if (event.key === KEY) {
    session = load();
    for (const tell of listeners) tell();
  }
});

/** The permission to set up this installation, from the one-time code; it lives until the tab closes. */
export function setupToken(): string | null {
  return sessionStorage.getItem(SETUP_KEY);
}
export function keepSetupToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(SETUP_KEY);
  else sessionStorage.setItem(SETUP_KEY, token);
}
