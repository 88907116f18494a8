// The first thing on a page of figures: the sum largest, with what it means, and a picture beside it.
import type { ReactNode } from "react";
import styles from "./hero.module.css";

export function Hero(props: { label?: string; sum: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.hero} aria-label={props.label}>
      <div className={styles.sum}>{props.sum}</div>
      {props.children}
    </section>
  );
}
