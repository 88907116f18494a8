// One error type for everything that can go wrong between the screen and the engine.
// `unreachable` and `overloaded` mean the outcome is unknown or not begun: the same press may be sent again.
import type { ErrorBody } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly requestId: string | null = null,
    readonly details: Record<string, unknown> | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** True when the engine has surely answered, so a new press is a new wish. */
  get outcomeKnown(): boolean {
    return this.status >= 400 && this.status < 500 && this.code !== "too_many_requests";
  }
}

/** It answers, and asks to come back in a moment. */
export function isBusy(error: unknown): boolean {
  return error instanceof ApiError && error.code === "overloaded";
}

export function unreachable(cause: unknown): ApiError {
  return new ApiError(0, "unreachable", cause instanceof Error ? cause.message : String(cause));
}

export function errorFrom(response: Response, body: unknown): ApiError {
  const seconds = Number(response.headers.get("retry-after"));
  const retryAfterS = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  const header = response.headers.get("x-request-id");
  if (isErrorBody(body)) {
    const e = body.error;
    return new ApiError(
      response.status,
      e.code,
      e.message,
      e.field ?? null,
      e.request_id ?? header,
      isRecord(e.details) ? e.details : null,
      retryAfterS,
    );
  }
  // A proxy or a half-started engine answers without our shape; 5xx from those count as "not reached".
  const code = response.status >= 500 ? "unreachable" : "unexpected_answer";
  return new ApiError(response.status, code, response.statusText, null, header, null, retryAfterS);
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError(0, "unexpected", error instanceof Error ? error.message : String(error));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isErrorBody(body: unknown): body is ErrorBody {
  return (
    typeof body === "object" &&
    body !== null &&
    "error" in body &&
    typeof body.error === "object" &&
    body.error !== null &&
    "code" in body.error &&
    "message" in body.error
  );
}
