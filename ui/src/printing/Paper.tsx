// A slip of paper as the printer gives it: its rows, as wide as they are printed, never wrapped. Paper is white in
// the dark too.
import type { PaperRow } from "../api/types";
import styles from "./paper.module.css";

export function Paper(props: { label: string; columns: number; rows: PaperRow[] }) {
  return (
    <figure className={styles.desk} aria-label={props.label} tabIndex={0}>
      <div className={styles.sheet} style={{ "--columns": props.columns } as React.CSSProperties}>
        <pre className={styles.rows}>
          {props.rows.map((row, at) => (
            <span key={at} className={styles.row} data-style={row.style}>
              {row.text === "" ? " " : row.text}
              {"\n"}
            </span>
          ))}
        </pre>
      </div>
    </figure>
  );
}
