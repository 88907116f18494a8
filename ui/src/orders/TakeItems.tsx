// Picker and lines side by side, as the new order and more items for an open one both need them.
import { type ReactNode, type RefObject, useRef } from "react";
import { v7 as uuidv7 } from "uuid";
import { addItem, changeQuantity, type DraftLine } from "./draft";
import { DraftLines } from "./DraftLines";
import { Picker } from "./Picker";
import styles from "./picker.module.css";

export function TakeItems(props: {
  lines: DraftLine[];
  onLines: (lines: DraftLine[]) => void;
  input: RefObject<HTMLInputElement | null>;
  before?: ReactNode;
  after: ReactNode;
}) {
  const { lines, onLines } = props;
  const touched = useRef<string | null>(null);
  return (
    <div className={styles.take}>
      <div className={styles.takeMenu}>
        <Picker
          input={props.input}
          isFirst={props.before === undefined}
          lines={lines}
          onAdd={(item, quantity) => {
            touched.current = item.id;
            onLines(addItem(lines, item, quantity, uuidv7()));
          }}
          onChange={(by, item_id) => {
            const line =
              lines.findLast((one) => one.item_id === (item_id ?? touched.current)) ??
              (item_id === null ? lines.at(-1) : undefined);
            if (line === undefined) return;
            touched.current = line.item_id;
            onLines(changeQuantity(lines, line.key, by));
          }}
        />
      </div>
      <div className={styles.takeTicket}>
        {props.before}
        <div className={styles.takeLines}>
          <DraftLines lines={lines} onChange={onLines} onNoted={() => props.input.current?.focus()} />
        </div>
        {props.after}
      </div>
    </div>
  );
}
