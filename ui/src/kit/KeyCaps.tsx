// How a key looks on screen; hidden from screen readers, which get `aria-keyshortcuts` instead.
import { keyCaps } from "./keys";
import styles from "./kit.module.css";

export function KeyCaps(props: { keys: string; onAccent?: boolean }) {
  return (
    <span className={`${styles.caps} ${props.onAccent === true ? styles.onAccent : ""}`} aria-hidden>
      {keyCaps(props.keys).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
