// One to a few, as buttons: faster for a finger than a field. Pressing the one that is on takes it off.
import styles from "./picker.module.css";

export function Numbers(props: {
  label: string;
  most: number;
  value: number | null;
  onPick: (value: number | null) => void;
}) {
  return (
    <div className={styles.numbers} role="group" aria-label={props.label}>
      {Array.from({ length: props.most }, (_, at) => at + 1).map((number) => (
        <button
          key={number}
          type="button"
          className="num"
          aria-pressed={props.value === number}
          onClick={() => props.onPick(props.value === number ? null : number)}
        >
          {number}
        </button>
      ))}
    </div>
  );
}
