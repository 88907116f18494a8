// A table that is told its columns. Wider than its place it scrolls inside its frame, by keyboard too; or, if it stacks,
// each row becomes a block of its own, its figures under their heads.
import { Fragment, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import styles from "./table.module.css";

export interface Column<T> {
  /** Null: buttons, which need no head. */
  head: string | null;
  cell: (row: T) => ReactNode;
  /** Below the column. */
  foot?: ReactNode;
  /** To the right, so that digits stand under digits. */
  isNumber?: boolean;
  /** Sentences and lists; everything else keeps to one line. */
  wraps?: boolean;
  /** Left out on a phone, so that what matters more is seen without scrolling. */
  isMinor?: boolean;
}

interface Props<T> {
  label: string;
  /** The first one names its row; what is false is left out. */
  columns: readonly (Column<T> | false)[];
  rows: readonly T[];
  keyOf: (row: T, at: number) => string;
  /** What stands out, and what steps back. */
  lookOf?: (row: T) => "strong" | "faint" | undefined;
  /** What a row opens to, over the whole width. */
  below?: (row: T) => ReactNode;
  stacks?: boolean;
  className?: string;
}

export function Table<T>(props: Props<T>) {
  const { label, rows, keyOf } = props;
  const { ref, isWide, isTall } = useFrame();
  const isStacked = isWide && props.stacks === true;
  const columns = props.columns.filter((column) => column !== false);
  return (
    <div
      ref={ref}
      className={`${styles.frame} ${props.className ?? ""}`}
      role="group"
      aria-label={label}
      tabIndex={isTall || (isWide && !isStacked) ? 0 : undefined}
    >
      <table className={`${styles.table} num`} data-stacked={isStacked || undefined}>
        <thead>
          <tr>
            {columns.map((column, at) =>
              column.head === null ? (
                <td key={at} />
              ) : (
                <th key={at} scope="col" {...kind(column)}>
                  {column.head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const below = props.below?.(row);
            return (
              <Fragment key={keyOf(row, at)}>
                <tr data-look={props.lookOf?.(row)}>
                  {columns.map((column, at) => (
                    <Cell key={at} isFirst={at === 0} of={column}>
                      {column.cell(row)}
                    </Cell>
                  ))}
                </tr>
                {Boolean(below) && (
                  <tr className={styles.below}>
                    <td colSpan={columns.length}>{below}</td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
        {columns.some((column) => column.foot !== undefined) && (
          <tfoot>
            <tr>
              {columns.map((column, at) => (
                <Cell key={at} isFirst={at === 0} of={column}>
                  {column.foot}
                </Cell>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Cell<T>({ of, isFirst, children }: { of: Column<T>; isFirst: boolean; children: ReactNode }) {
  if (isFirst)
    return (
      <th scope="row" {...kind(of)}>
        {children}
      </th>
    );
  return (
    <td data-head={of.head ?? undefined} {...kind(of)}>
      {children}
    </td>
  );
}

const kind = <T,>({ head, isNumber, wraps, isMinor }: Column<T>) => ({
  "data-number": isNumber || undefined,
  "data-wraps": wraps || undefined,
  "data-minor": isMinor || undefined,
  "data-buttons": head === null || undefined,
});

/** Whether the table is wider or taller than its frame, which is a stop for the Tab key only then. */
function useFrame() {
  const ref = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  const [isTall, setTall] = useState(false);
  useLayoutEffect(() => {
    const frame = ref.current;
    const table = frame?.querySelector("table");
    if (frame == null || table == null) return;
    // A stacked table is as narrow as its frame: what it needed before is kept.
    let needed = 0;
    const look = () => {
      if (table.dataset["stacked"] === undefined) needed = frame.scrollWidth;
      setWide(needed > frame.clientWidth);
      setTall(frame.scrollHeight > frame.clientHeight);
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(frame);
    observer.observe(table);
    return () => observer.disconnect();
  }, []);
  return { ref, isWide, isTall };
}
