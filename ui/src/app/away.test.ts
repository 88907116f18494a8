import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unreachable } from "../api/errors";
import { noteAnswer, pauseMs } from "./away";
import { queryClient } from "./queryClient";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  queryClient.clear();
  noteAnswer(false);
  vi.useRealTimers();
});

test("the pause grows while nobody answers, and the first answer ends it", () => {
  const after = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return pauseMs();
  };
  expect(pauseMs()).toBeNull();
  noteAnswer(true);
  expect([after(0), after(9_000), after(12_000), after(24_000), after(600_000)]).toEqual([
    3_000, 6_000, 12_000, 24_000, 24_000,
  ]);
  noteAnswer(true);
  expect(pauseMs()).toBe(24_000);
  noteAnswer(false);
  expect(pauseMs()).toBeNull();
});

test("ten screens that ask every second ask an engine that is gone seldom, and one that is back as before", async () => {
  let isThere = true;
  let asked = 0;
  const queryFn = () => {
    asked += 1;
    return isThere ? Promise.resolve(asked) : Promise.reject(unreachable(null));
  };
  const stops = Array.from({ length: 10 }, (_, at) =>
    new QueryObserver(queryClient, { queryKey: ["away", at], queryFn, refetchInterval: 1_000 }).subscribe(
      () => undefined,
    ),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBeGreaterThanOrEqual(100);
  isThere = false;
  await vi.advanceTimersByTimeAsync(60_000);
  asked = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(30);
  isThere = true;
  await vi.advanceTimersByTimeAsync(24_000);
  asked = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBeGreaterThanOrEqual(90);
  for (const stop of stops) stop();
});
