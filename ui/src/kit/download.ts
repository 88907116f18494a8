// A file the engine or the page writes, kept under its name. The token goes in the header, never in an address.
import i18next from "i18next";
import { engineOrigin } from "../api/client";
import { errorFrom, unreachable } from "../api/errors";
import { isPractice, PRACTICE_HEADER } from "../app/practice";
import { momentFor, REWIND_HEADER } from "../app/rewound";
import { sessionToken } from "../app/session";
import { inWindow, saveAs } from "../desktop";
import { say, warn } from "./notify";

/** Hears how many bytes are here, of how many; null: nobody knows. */
export type Heard = (bytes: number, of: number | null) => void;

export async function download(path: string, name: string, heard?: Heard): Promise<void> {
  const moment = momentFor(path);
  const headers = {
    authorization: `Bearer ${sessionToken() ?? ""}`,
    ...(moment !== null ? { [REWIND_HEADER]: moment } : isPractice(path) ? { [PRACTICE_HEADER]: "1" } : {}),
  };
  const response = await fetch(`${engineOrigin()}${path}`, { headers }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw errorFrom(response, await response.json().catch(() => null));
  const whole = heard === undefined ? await response.blob() : await gathered(response, heard);
  await keepAs(name, whole);
}

/** Gives what the page already has to the person: a browser puts it where it puts downloads, the window asks where. */
export async function keepAs(name: string, whole: Blob): Promise<void> {
  const url = URL.createObjectURL(whole);
  const begin = () => {
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  };
  try {
    if (!inWindow()) {
      begin();
      return;
    }
    const path = await saveAs(name, begin);
    if (path !== null) say(i18next.t("saved", { ns: "desktop", path }));
  } catch {
    warn(i18next.t("notSaved", { ns: "desktop", name }));
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function gathered(response: Response, heard: Heard): Promise<Blob> {
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const of = Number.isFinite(length) && length > 0 ? length : null;
  const reader = response.body?.getReader();
  if (reader === undefined) return response.blob();
  const pieces: BlobPart[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(pieces);
      pieces.push(value);
      bytes += value.length;
      heard(bytes, of);
    }
  } catch (cause) {
    throw unreachable(cause);
  }
}
