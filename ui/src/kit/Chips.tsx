// Some of a few, each a press: days of the week, allergens.
import styles from "./kit.module.css";

export function Chips<T extends string | number>(props: {
  of: readonly T[];
  name: (one: T) => string;
  on: T[];
  /** What is on then, in the order of all. */
  onChange: (on: T[]) => void;
}) {
  const { of, on } = props;
  const press = (one: T) =>
    props.onChange(of.filter((other) => (other === one ? !on.includes(one) : on.includes(other))));
  return (
    <div className={styles.chips}>
      {of.map((one) => (
        <button key={one} type="button" aria-pressed={on.includes(one)} onClick={() => press(one)}>
          {props.name(one)}
        </button>
      ))}
    </div>
  );
}
