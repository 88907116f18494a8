// The one HTTP client. Every request carries the session's token, and the moment of the past this screen looks at
// or the house it practises in; a refused token ends the session.
import createClient from "openapi-fetch";
import { isPractice, PRACTICE_HEADER } from "../app/practice";
import { momentFor, REWIND_HEADER } from "../app/rewound";
import { endSession, sessionToken } from "../app/session";
import { type ApiError, errorFrom, unreachable } from "./errors";
import type { paths } from "./schema";

/** No answer of the engine takes this long; an import is the longest. */
const TIMEOUT_MS = 120_000;

let origin = "";

/** Where the engine listens: "" for the page's own origin, or the address the window handed over. */
export function setEngineOrigin(url: string): void {
  origin = url.replace(/\/$/, "");
}

export function engineOrigin(): string {
  return origin;
}

/** A request to wherever the engine is; known only after start, so not as the client's fixed base. */
class EngineRequest extends Request {
  constructor(path: string | URL | Request, init?: RequestInit) {
    super(
      typeof path === "string" ? `${origin === "" ? window.location.origin : origin}${path}` : path,
      init,
    );
  }
}

export const api = createClient<paths>({
  Request: EngineRequest,
  fetch: (request) =>
    fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) }),
});

api.use({
  onRequest({ request }) {
    const token = sessionToken();
    if (token !== null && !request.headers.has("authorization")) {
      request.headers.set("authorization", `Bearer ${token}`);
    }
    const moment = momentFor(request.url);
    if (moment !== null) request.headers.set(REWIND_HEADER, moment);
    else if (isPractice(request.url)) request.headers.set(PRACTICE_HEADER, "1");
    return request;
  },
});

/** Waits for an answer and gives its body, or throws the ApiError that the screen can explain. */
export async function ask<D>(call: Promise<{ data?: D; error?: unknown; response: Response }>): Promise<D> {
  let result: { data?: D; error?: unknown; response: Response };
  try {
    result = await call;
  } catch (cause) {
    throw unreachable(cause);
  }
  if (result.response.ok) return result.data as D;
  const failure: ApiError = errorFrom(result.response, result.error);
  if (failure.code === "unauthenticated" && sessionToken() !== null) endSession();
  throw failure;
}
