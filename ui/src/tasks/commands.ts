import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Task, TaskInput } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { tasksQuery } from "./queries";

function usePut(): (task: Task) => void {
  const queryClient = useQueryClient();
  const rid = useRestaurantId();
  return (task) => {
    for (const whose of ["mine", "all"] as const)
      queryClient.setQueryData(tasksQuery(rid, whose).queryKey, (tasks) =>
        tasks === undefined
          ? tasks
          : { ...tasks, items: tasks.items.map((one) => (one.id === task.id ? task : one)) },
      );
  };
}

export function useSaveTask(onDone: (task: Task) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "tasks.save",
    run: ({ id, ...body }: TaskInput & { id: string | null }, key) => {
      const header = { "Idempotency-Key": key };
      return ask<Task>(
        id === null
          ? api.POST("/api/v1/restaurants/{rid}/tasks", { params: { path: { rid }, header }, body })
          : api.PUT("/api/v1/restaurants/{rid}/tasks/{task_id}", {
              params: { path: { rid, task_id: id }, header },
              body,
            }),
      );
    },
    onDone,
  });
}

export function useRemoveTask(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "tasks.remove",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/tasks/{task_id}", {
          params: { path: { rid, task_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone,
    onFailed: useComplain(),
  });
}

/** `day` makes ticking a daily task off tomorrow another wish. */
export function useTickTask() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "tasks.tick",
    inTurn: true,
    run: ({ id, done }: { id: string; done: boolean; day: string }, key) => {
      const params = { path: { rid, task_id: id }, header: { "Idempotency-Key": key } };
      return ask<Task>(
        done
          ? api.POST("/api/v1/restaurants/{rid}/tasks/{task_id}/done", { params })
          : api.POST("/api/v1/restaurants/{rid}/tasks/{task_id}/reopen", { params }),
      );
    },
    onDone: put,
    onFailed: useComplain(),
  });
}
