// Who did what to this order and when, newest first, each with what it changed. Read from the record itself.
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { HistoryEntry, Order } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { Bone } from "../kit/Skeletons";
import styles from "./history.module.css";
import { orderHistoryQuery } from "./queries";
import { tell } from "./story";

export function OrderHistory(props: { order: Order }) {
  const { t } = useTranslation("orders");
  const rid = useRestaurantId();
  const query = useQuery(orderHistoryQuery(rid, props.order.id));
  return (
    <Answer
      query={query}
      skeleton={
        <div className={styles.bones}>
          {[80, 64, 72].map((w) => (
            <Bone key={w} w={`${w}%`} h={32} />
          ))}
        </div>
      }
    >
      {(history) =>
        history.items.length === 0 ? (
          <p className={styles.none}>{t("history.none")}</p>
        ) : (
          <ol className={styles.list}>
            {[...history.items]
              .sort((a, b) => b.entry - a.entry)
              .map((entry) => (
                <Entry key={entry.entry} entry={entry} order={props.order} />
              ))}
          </ol>
        )
      }
    </Answer>
  );
}

function Entry(props: { entry: HistoryEntry; order: Order }) {
  const { t } = useTranslation("orders");
  const { entry, order } = props;
  const { money, quantity, dateTime } = useFormat();
  const told = tell(entry, order.lines);
  const items = told.items
    .map((item) =>
      item.quantity_milli === 1000 ? item.name : `${quantity(item.quantity_milli)} × ${item.name}`,
    )
    .join(", ");
  const sentence = t(`history.did.${told.sentence}`, {
    name: entry.actor_name || t("history.somebody"),
    items,
    amount: money(told.amount_minor),
    reason: told.reason ?? "",
  });
  return (
    <li className={styles.entry} data-refused={entry.outcome === "refused" ? "" : undefined}>
      <p>
        {entry.outcome === "refused" && <IconAlertTriangle size={14} aria-hidden />}
        {entry.outcome === "refused" ? t("history.refused", { sentence }) : sentence}
        {told.tip_minor > 0 && ` ${t("history.tip", { amount: money(told.tip_minor) })}`}
      </p>
      <span className={`${styles.at} num`}>{dateTime(entry.at_ms)}</span>
      {told.changes.length > 0 && (
        <details>
          <summary>{t("history.changes", { count: told.changes.length })}</summary>
          <dl>
            {told.changes.map((change, index) => (
              <div key={index}>
                <dt>
                  {change.about === "" ? "" : `${change.about} · `}
                  {t(`history.column.${change.column}` as "history.column.name", {
                    defaultValue: change.column.replace(/_/g, " "),
                  })}
                </dt>
                <dd className="num">
                  <Value column={change.column} value={change.before} />
                  <span aria-hidden> → </span>
                  <span className="visually-hidden">{t("history.became")}</span>
                  <Value column={change.column} value={change.after} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}

function Value(props: { column: string; value: unknown }) {
  const { money, quantity, time, rate } = useFormat();
  const { column, value } = props;
  if (value === null || value === undefined || value === "") return <i>—</i>;
  if (typeof value !== "number") return <>{String(value)}</>;
  if (column.endsWith("_minor")) return <>{money(value)}</>;
  if (column.endsWith("_milli")) return <>{quantity(value)}</>;
  if (column.endsWith("_ms")) return <>{time(value)}</>;
  if (column.endsWith("_bp")) return <>{rate(value)}</>;
  return <>{value}</>;
}
