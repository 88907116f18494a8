import styles from "./shell.module.css";

export function Mark(props: { size?: number }) {
  const size = props.size ?? 22;
  return (
    <svg className={styles.mark} width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="9.5" />
      <path d="M21.6 19.9a6.9 6.9 0 1 1 0-7.8" />
    </svg>
  );
}
