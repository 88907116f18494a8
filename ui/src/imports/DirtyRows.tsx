// The rows that cannot be read, each with its line, its reason and what stands there. Only those in sight are drawn.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ImportPreview } from "../api/types";
import { useFormat } from "../kit/format";
import styles from "./imports.module.css";

/** Until a row is drawn and measured. */
const ROW_PX = 60;

export function DirtyRows(props: { rows: ImportPreview["dirty"] }) {
  const { t } = useTranslation("imports");
  const { count } = useFormat();
  const { rows } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  return (
    <div
      ref={scroller}
      className={styles.dirty}
      style={{ height: Math.min(348, rows.length * ROW_PX + 2) }}
      tabIndex={0}
      role="list"
      aria-label={t("dirty.label")}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <div
              key={item.key}
              role="listitem"
              aria-posinset={item.index + 1}
              aria-setsize={rows.length}
              className={styles.dirtyRow}
              ref={virtual.measureElement}
              data-index={item.index}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <span className="num">{t("dirty.line", { line: count(row.line) })}</span>
              <span>
                {t(`dirty.reason.${row.kind}`, { ...row.params })}
                <code title={row.raw}>{row.raw}</code>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
