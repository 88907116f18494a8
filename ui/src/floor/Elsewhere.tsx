// Guests who sit at no table of the floor: nobody of them is lost because the floor does not know their place.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Floor, TableOrder } from "../api/types";
import { useFormat } from "../kit/format";
import styles from "./floor.module.css";

const SHOWN_MAX = 8;

export function Elsewhere(props: { floor: Floor; onMove: ((order: TableOrder) => void) | null }) {
  const { t } = useTranslation("floor");
  const { money } = useFormat();
  const orders = props.floor.elsewhere;
  if (orders.length === 0) return null;
  return (
    <section className={styles.elsewhere} aria-label={t("elsewhere.title")}>
      <h2>{t("elsewhere.title")}</h2>
      <ul>
        {orders.slice(0, SHOWN_MAX).map((order) => (
          <li key={order.id}>
            <Link to="/orders" search={{ order: order.id } as never} className="num">
              <b>{order.table ?? order.number}</b> {order.table == null ? "" : `${order.number} · `}
              {money(order.due_minor)}
            </Link>
            {props.onMove !== null && (
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={t("elsewhere.seat", { number: order.number })}
                onClick={() => props.onMove?.(order)}
              >
                {t("move.start")}
              </Button>
            )}
          </li>
        ))}
        {orders.length > SHOWN_MAX && (
          <li>
            <Link to="/orders">{t("elsewhere.more", { count: orders.length - SHOWN_MAX })}</Link>
          </li>
        )}
      </ul>
    </section>
  );
}
