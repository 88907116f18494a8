// The only file that talks to the window. In a browser every function here answers "no window".
import { invoke, isTauri } from "@tauri-apps/api/core";

export interface EngineAddress {
  url: string;
  /** One-time code for the first run; null once there is a restaurant. */
  code: string | null;
}

export function inWindow(): boolean {
  return isTauri();
}

/** Where the engine inside this window listens, or null in a browser. */
export async function engineAddress(): Promise<EngineAddress | null> {
  return isTauri() ? await invoke<EngineAddress>("engine") : null;
}
