// Going in and out of practice. Key: ["practice", restaurant].
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Practice } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRouter } from "@tanstack/react-router";
import { backToWork, practiseAt, usePractice } from "./practice";
import { useMay, useRestaurantId } from "./queries";
import { useRewound } from "./rewound";

/** Besides the live line, which says nothing of practice that has ended. */
const LOOK_AGAIN_MS = 10_000;

export const practiceQuery = (rid: string) =>
  queryOptions({
    queryKey: ["practice", rid],
    queryFn: () =>
      ask<Practice>(api.GET("/api/v1/restaurants/{rid}/practice", { params: { path: { rid } } })),
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  });

/** Whether this person may put this screen into practice, and it is at work. */
export function useCanPractise(): boolean {
  const may = useMay();
  const practisesAt = usePractice();
  const moment = useRewound();
  return may("practice.write") && practisesAt === null && moment === null;
}

/** An order of one side is none of the other: what the address names is let go before this screen changes sides. */
export function useChangeSides(): (change: () => void) => void {
  const router = useRouter();
  return (change) => {
    const { pathname } = router.state.location;
    void router.navigate({ to: pathname, search: {}, replace: true }).finally(change);
  };
}

export function useBeginPractice(onDone: (practice: Practice) => void) {
  const rid = useRestaurantId();
  const changeSides = useChangeSides();
  return useCommand({
    name: "practice.begin",
    run: (body: { afresh: boolean }, key) =>
      ask<Practice>(
        api.POST("/api/v1/restaurants/{rid}/practice", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (practice) =>
      changeSides(() => {
        practiseAt(rid);
        onDone(practice);
      }),
  });
}

export function useEndPractice() {
  const rid = useRestaurantId();
  const changeSides = useChangeSides();
  return useCommand({
    name: "practice.end",
    run: (_: null, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/practice", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => changeSides(backToWork),
    // It was over already.
    onFailed: (error) => {
      if (error.code === "not_found") changeSides(backToWork);
    },
  });
}
