// A file the engine writes, kept under its name. The token goes in the header, never in an address.
import { engineOrigin } from "../api/client";
import { errorFrom, unreachable } from "../api/errors";
import { isPractice, PRACTICE_HEADER } from "../app/practice";
import { momentFor, REWIND_HEADER } from "../app/rewound";
import { sessionToken } from "../app/session";

export async function download(path: string, name: string): Promise<void> {
  const moment = momentFor(path);
  const headers = {
    authorization: `Bearer ${sessionToken() ?? ""}`,
    ...(moment !== null ? { [REWIND_HEADER]: moment } : isPractice(path) ? { [PRACTICE_HEADER]: "1" } : {}),
  };
  const response = await fetch(`${engineOrigin()}${path}`, { headers }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw errorFrom(response, await response.json().catch(() => null));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
