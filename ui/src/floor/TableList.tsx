// The floor in rows: what a phone shows, and what a screen reader reads best.
import { useTranslation } from "react-i18next";
import type { FloorTable } from "../api/types";
import { useFormat } from "../kit/format";
import { Pill } from "../kit/Pill";
import styles from "./floor.module.css";
import { byName, coversOf, dueOf, readyOf, sinceOf } from "./model";
import { isCalling, toneOf, useTableWords } from "./words";

export function TableList(props: {
  tables: FloorTable[];
  now: number;
  picked: string | undefined;
  pressed?: (table: FloorTable) => boolean;
  onPick: (table: FloorTable) => void;
}) {
  const { t } = useTranslation("floor");
  const { money, span } = useFormat();
  const words = useTableWords();
  const tables = [...props.tables].sort(byName);
  if (tables.length === 0) return <p className={styles.none}>{t("list.none")}</p>;
  return (
    <ul className={styles.list}>
      {tables.map((table) => {
        const since = sinceOf(table);
        const covers = coversOf(table);
        const ready = readyOf(table);
        return (
          <li key={table.id}>
            <button
              type="button"
              className={styles.row}
              data-table={table.id}
              data-on={table.id === props.picked ? "" : undefined}
              aria-pressed={props.pressed?.(table)}
              aria-current={props.pressed === undefined && table.id === props.picked ? "true" : undefined}
              onClick={() => props.onPick(table)}
            >
              <b className={styles.rowName}>{words.name(table)}</b>
              <span className={styles.rowState}>
                {isCalling(table) ? (
                  <Pill tone="bad">{t(`call.${table.call?.wants ?? "waiter"}`)}</Pill>
                ) : (
                  <Pill tone={toneOf[table.state]}>{t(`state.${table.state}`)}</Pill>
                )}
                {ready > 0 && <Pill tone="ok">{t("ready", { count: ready })}</Pill>}
              </span>
              <span className={`${styles.rowFacts} num`}>
                {[
                  ...(covers > 0 ? [t("guests", { count: covers })] : [t("seats", { count: table.seats })]),
                  ...table.orders.map((order) => order.number),
                  ...(table.waiter == null ? [] : [table.waiter.name]),
                ].join(" · ")}
              </span>
              <span className={`${styles.rowMoney} num`}>
                {since !== null && (
                  <>
                    <b>{money(dueOf(table))}</b>
                    <small>{span(props.now - since)}</small>
                  </>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
