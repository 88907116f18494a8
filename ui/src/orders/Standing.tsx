// What is known of the table that a new order names: who is there already, or that the floor has no such table.
// A second order at a table stays possible.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { nameKey } from "../floor/model";
import { useTables } from "../floor/queries";
import { useFormat } from "../kit/format";
import styles from "./picker.module.css";
import { openOrdersQuery } from "./queries";

/** More orders than this at one table are seen on the board. */
const SAID_MAX = 3;

export function Standing(props: { table: string; onOpen: (order: string) => void }) {
  const { t } = useTranslation("orders");
  const { time } = useFormat();
  const rid = useRestaurantId();
  const tables = useTables();
  const open = useQuery(openOrdersQuery(rid)).data?.items ?? [];
  const wanted = nameKey(props.table);
  const there = open.filter(
    (order) => order.service === "dine_in" && wanted !== "" && nameKey(order.table ?? "") === wanted,
  );
  // What may still become the name of a table is none yet.
  const isUnknown =
    wanted !== "" && tables.length > 0 && !tables.some((table) => nameKey(table.name).startsWith(wanted));
  return (
    <div role="status" className={styles.standing}>
      {there.slice(0, SAID_MAX).map((order) => (
        <p key={order.id}>
          <span>{t("new.taken", { number: order.number, at: time(order.opened_at_ms) })}</span>
          <Button variant="default" size="compact-sm" onClick={() => props.onOpen(order.id)}>
            {t("new.toTaken", { number: order.number })}
          </Button>
        </p>
      ))}
      {there.length === 0 && isUnknown && <small>{t("new.notOnFloor")}</small>}
    </div>
  );
}
