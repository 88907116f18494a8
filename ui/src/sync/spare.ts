// Where this screen may go on if its engine is away: the address of the restaurant's spare, kept on this device, because
// it is needed when nobody answers any more.
const KEY = "comanda.spare";

/** Null: there is none any more. */
export function keepSpare(rid: string, address: string | null): void {
  try {
    if (address === null) localStorage.removeItem(`${KEY}.${rid}`);
    else localStorage.setItem(`${KEY}.${rid}`, address);
  } catch {
    // Private windows refuse storage: then nothing is offered.
  }
}

/** What was kept, if it leads anywhere else than here. */
export function spareOf(rid: string): string | null {
  try {
    const kept = localStorage.getItem(`${KEY}.${rid}`);
    if (kept === null) return null;
    const url = new URL(kept);
    const isWeb = url.protocol === "http:" || url.protocol === "https:";
    return isWeb && url.origin !== window.location.origin ? url.href : null;
  } catch {
    return null;
  }
}
