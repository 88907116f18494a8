// The frame of a page: its head (what it is, in a sentence), its body, panels and figures.
import type { ReactNode } from "react";
import styles from "./kit.module.css";

export function PageHead(props: { title: string; sub?: ReactNode; children?: ReactNode }) {
  return (
    <header className={styles.head}>
      <div className={styles.headText}>
        {/* The shell moves the focus here after a page change, so that a screen reader says where one is. */}
        <h1 tabIndex={-1} data-page-title>
          {props.title}
        </h1>
        {props.sub !== undefined && <div className={`${styles.sub} num`}>{props.sub}</div>}
      </div>
      {props.children !== undefined && <div className={styles.actions}>{props.children}</div>}
    </header>
  );
}

export function PageBody(props: { children: ReactNode; narrow?: boolean }) {
  return (
    <div className={`${styles.body} ${props.narrow === true ? styles.narrow : ""}`}>{props.children}</div>
  );
}

export function Panel(props: { title?: string; note?: ReactNode; children: ReactNode; className?: string }) {
  return (
    <section className={`${styles.panel} ${props.className ?? ""}`} aria-label={props.title}>
      {props.title !== undefined && (
        <div className={styles.panelHead}>
          <h2>{props.title}</h2>
          {props.note !== undefined && <div className={`${styles.panelNote} num`}>{props.note}</div>}
        </div>
      )}
      {props.children}
    </section>
  );
}

export function Stats(props: { children: ReactNode }) {
  return <div className={styles.stats}>{props.children}</div>;
}

export function Stat(props: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className={styles.stat}>
      <small>{props.label}</small>
      <b>{props.value}</b>
      {props.note !== undefined && <em>{props.note}</em>}
    </div>
  );
}
