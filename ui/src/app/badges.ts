// The small numbers beside the entries of the rail. One line a page that has one.
import { useQuery } from "@tanstack/react-query";
import { calling } from "../floor/model";
import { floorQuery } from "../floor/queries";
import { inboxQuery } from "../inbox/queries";
import { kitchenQuery } from "../kitchen/queries";
import { openOrdersQuery } from "../orders/queries";
import { tasksQuery } from "../tasks/queries";
import { useMay, useRestaurantId } from "./queries";

/** By page title; absent where there is nothing to say. Numbers alone: the frame is drawn when one changes. */
export function useBadges(): Partial<Record<string, number | string>> {
  const rid = useRestaurantId();
  const may = useMay();
  const inbox = useQuery({
    ...inboxQuery(rid),
    enabled: may("inbox.read"),
    select: ({ items }) => items.filter((flag) => !flag.resolved).length,
  });
  const orders = useQuery({ ...openOrdersQuery(rid), enabled: may("orders.read"), select: howMany });
  const kitchen = useQuery({
    ...kitchenQuery(rid),
    enabled: may("kitchen.read"),
    select: ({ tickets }) => tickets.length,
  });
  const floor = useQuery({
    ...floorQuery(rid),
    enabled: may("floor.read"),
    select: (now) => calling(now).length,
  });
  const tasks = useQuery({
    ...tasksQuery(rid, "mine"),
    enabled: may("tasks.read"),
    select: ({ items }) => items.filter((task) => task.done_ms == null).length,
  });
  return {
    tasks: tasks.data,
    inbox: inbox.data,
    tables: floor.data,
    orders: orders.data,
    kitchen: kitchen.data,
  };
}

/** "200+" where the page holds the newest of more. */
const howMany = ({ items, next_cursor }: { items: unknown[]; next_cursor?: string | null }) =>
  next_cursor == null ? items.length : `${items.length}+`;
