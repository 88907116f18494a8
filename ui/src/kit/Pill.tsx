// A short state in a colour of its meaning. The words always say it too: colour alone tells nothing.
import type { ReactNode } from "react";
import styles from "./kit.module.css";

export type Tone = "ok" | "warn" | "bad" | "info" | "accent" | "mute";

export function Pill(props: { tone?: Tone; dot?: boolean; title?: string; children: ReactNode }) {
  return (
    <span
      className={styles.pill}
      data-tone={props.tone ?? "mute"}
      data-dot={props.dot === false ? undefined : ""}
      title={props.title}
    >
      {props.children}
    </span>
  );
}
