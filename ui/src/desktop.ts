// The only file that talks to the window. In a browser every function here answers "no window".
import { Channel, invoke, isTauri } from "@tauri-apps/api/core";

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

export type UpdateChannel = "stable" | "beta";

/** `current` is the version that runs. */
export type UpdateLook =
  | { state: "nowhere" }
  | { state: "newest"; current: string }
  | { state: "found"; current: string; version: string; notes: string | null; published_ms: number | null };

export type UpdateTrouble =
  | "unreachable"
  | "unreadable"
  | "not_for_this_system"
  | "not_trusted"
  | "not_allowed"
  | "nobody_asks"
  | "not_installed"
  | "not_looked";

/** Bytes. */
export interface UpdateProgress {
  done: number;
  total: number | null;
}

/** Is there a newer version of the program? Refused with an `UpdateTrouble`; "nowhere" in a browser. */
export async function lookForUpdate(channel: UpdateChannel): Promise<UpdateLook> {
  return isTauri() ? await invoke<UpdateLook>("look_for_update", { channel }) : { state: "nowhere" };
}

/** Ends with the start of the new version; refused with an `UpdateTrouble`, and then nothing has changed. */
export async function installUpdate(onProgress: (progress: UpdateProgress) => void): Promise<void> {
  await invoke("install_update", { onProgress: new Channel<UpdateProgress>(onProgress) });
}

/** Tells the shell which language is spoken here, and hears which page to show. A browser has no shell. */
export async function hearPages(language: string, open: (path: string) => void): Promise<void> {
  if (isTauri()) await invoke("hear", { language, open: new Channel<string>(open) });
}

/**
 * Asks where to save a file, then begins its download. Answers where it is, or null where the person wanted it
 * nowhere; refused when it could not be written.
 */
export async function saveAs(name: string, begin: () => void): Promise<string | null> {
  const channel = new Channel<boolean>();
  const ended = new Promise<boolean>((resolve) => (channel.onmessage = resolve));
  const place = await invoke<string | null>("choose_place", { name, ended: channel });
  if (place === null) return null;
  begin();
  if (!(await ended)) throw new Error(place);
  return place;
}

/** Whether the window opens when this person logs in to the computer; with `on`, from now on. */
export async function startAtLogin(on?: boolean): Promise<boolean> {
  return await invoke<boolean>("start_at_login", { on });
}

/** Opens the engine's page about its contract in the person's browser. */
export async function openContract(): Promise<void> {
  await invoke("open_contract");
}
