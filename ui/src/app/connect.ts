// Finds the engine and redeems the one-time code that the window or the printed link carries.
// The code leaves the address bar at once, so that it is in no history and no screenshot.
import { api, ask, setEngineOrigin } from "../api/client";
import { engineAddress } from "../desktop";
import { currentSession, keepSetupToken, startSession } from "./session";

/** The window's code, kept for the moment it is needed: a stored session goes first. */
let spareCode: string | null = null;
let isLinkUsedUp = false;
/** What a host's picture said to this device. */
let pairing: string | null = null;

function takeFromAddress(name: "code" | "pair"): string | null {
  const code = new URLSearchParams(window.location.hash.slice(1)).get(name);
  if (code !== null) window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return code;
}

async function redeem(code: string): Promise<"setup" | "session"> {
  const answer = await ask(api.POST("/api/v1/codes/exchange", { body: { code } }));
  if (answer.kind === "setup") keepSetupToken(answer.token);
  else startSession(answer.token, answer.me?.restaurants[0]?.id ?? null);
  return answer.kind;
}

/** Before the first page: where the engine is and, if a link was followed, who follows it. */
export async function connect(): Promise<void> {
  const address = await engineAddress();
  if (address !== null) {
    setEngineOrigin(address.url);
    spareCode = address.code;
    if (currentSession() === null) await redeemSpareCode();
    return;
  }
  pairing = takeFromAddress("pair");
  const code = takeFromAddress("code");
  if (code === null) return;
  try {
    await redeem(code);
  } catch {
    isLinkUsedUp = true;
  }
}

/** Tries the window's own code; says whether it opened a door. */
export async function redeemSpareCode(): Promise<"setup" | "session" | null> {
  if (spareCode === null) return null;
  const code = spareCode;
  spareCode = null;
  try {
    return await redeem(code);
  } catch {
    return null;
  }
}

/** The code this device is to be paired with, until the page that asks for it stands. */
export function pairingCode(): string | null {
  return pairing;
}
export function forgetPairingCode(): void {
  pairing = null;
}

/** True when the person came by a link whose code no longer opens anything. */
export function cameByUsedLink(): boolean {
  return isLinkUsedUp;
}
