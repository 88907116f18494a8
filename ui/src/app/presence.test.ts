import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/errors";
import type { Me } from "../api/types";
import { GONE_AFTER_MS, isMissing, useGone } from "./presence";
import { askedAgainAfterMs, isAskedAgain, isAskedAgainThere } from "./queryClient";

const busy = new ApiError(503, "overloaded", "", null, null, null, 2);
const missing = new ApiError(404, "not_found", "");
const away = new ApiError(0, "unreachable", "");

/** How long a question is asked again before it fails, and how often. */
function asked(error: ApiError, isAgain: (count: number, error: unknown) => boolean) {
  let count = 0;
  let ms = 0;
  while (isAgain(count, error)) ms += askedAgainAfterMs(count++, error);
  return { count, ms };
}

describe("a question", () => {
  it("that is told to come back comes back as it was told, for half a minute", () => {
    expect(asked(busy, isAskedAgain)).toEqual({ count: 15, ms: 30_000 });
  });
  it("that reaches nobody is asked twice more, and what is not there only of the restaurant itself", () => {
    expect(asked(away, isAskedAgain)).toEqual({ count: 2, ms: 900 });
    expect(asked(missing, isAskedAgain).count).toBe(0);
    expect(asked(missing, isAskedAgainThere)).toEqual({ count: 30, ms: 30_000 });
  });
});

describe("a restaurant whose file is exchanged", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is missing unless it is said to be closed", () => {
    const me = (open: string[], closed: string[]) =>
      ({
        restaurants: open.map((id) => ({ id })),
        unreadable: closed.map((id) => ({ id })),
      }) as unknown as Me;
    expect(isMissing(undefined, "a")).toBe(false);
    expect(isMissing(me(["a"], []), "a")).toBe(false);
    expect(isMissing(me(["b"], []), "a")).toBe(true);
    expect(isMissing(me(["b"], ["a"]), "a")).toBe(false);
    expect(isMissing(me([], []), null)).toBe(true);
  });

  it("is gone when it stays away, and what failed meanwhile is asked again when it is back", () => {
    const client = new QueryClient();
    const again = vi.spyOn(client, "invalidateQueries");
    const wrapper = (props: { children: ReactNode }) =>
      createElement(QueryClientProvider, { client }, props.children);
    const { result, rerender } = renderHook(useGone, { wrapper, initialProps: true });
    act(() => void vi.advanceTimersByTime(GONE_AFTER_MS - 1));
    expect(result.current).toBe(false);
    act(() => void vi.advanceTimersByTime(1));
    expect(result.current).toBe(true);
    rerender(false);
    expect(result.current).toBe(false);
    expect(again).toHaveBeenCalledTimes(1);
  });
});
