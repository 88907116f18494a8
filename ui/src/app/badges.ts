// The small numbers beside the entries of the rail. One line a page that has one.
import { useQuery } from "@tanstack/react-query";
import { calling } from "../floor/model";
import { floorQuery } from "../floor/queries";
import { inboxQuery } from "../inbox/queries";
import { kitchenQuery } from "../kitchen/queries";
import { openOrdersQuery } from "../orders/queries";
import { tasksQuery } from "../tasks/queries";
import { useMay, useRestaurantId } from "./queries";

/** By page title; absent where there is nothing to say. */
export function useBadges(): Partial<Record<string, number>> {
  const rid = useRestaurantId();
  const may = useMay();
  const inbox = useQuery({ ...inboxQuery(rid), enabled: may("inbox.read") });
  const waiting = inbox.data?.items.filter((flag) => !flag.resolved).length;
  const orders = useQuery({ ...openOrdersQuery(rid), enabled: may("orders.read") });
  const kitchen = useQuery({ ...kitchenQuery(rid), enabled: may("kitchen.read") });
  const floor = useQuery({ ...floorQuery(rid), enabled: may("floor.read") });
  const tasks = useQuery({ ...tasksQuery(rid, "mine"), enabled: may("tasks.read") });
  const toDo = tasks.data?.items.filter((task) => task.done_ms == null).length;
  return {
    tasks: toDo,
    inbox: waiting,
    tables: floor.data === undefined ? undefined : calling(floor.data).length,
    orders: orders.data?.items.length,
    kitchen: kitchen.data?.tickets.length,
  };
}
