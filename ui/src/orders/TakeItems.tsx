// Picker and lines side by side, as the new order and more items for an open one both need them. What has sizes or
// modifiers asks for them before it is taken.
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { v7 as uuidv7 } from "uuid";
import type { Menu } from "../api/types";
import { asksFor, groupsOf, usual } from "./choices";
import { Choices } from "./Choices";
import { addLine, changeQuantity, type DraftLine, lineOf } from "./draft";
import { DraftLines } from "./DraftLines";
import type { Early } from "./early";
import { Picker } from "./Picker";
import type { Pickable } from "./picking";
import styles from "./picker.module.css";

export function TakeItems(props: {
  menu: Menu;
  lines: DraftLine[];
  /** How many sit there, where it is known. */
  seats: number | null;
  onLines: (lines: DraftLine[]) => void;
  input: RefObject<HTMLInputElement | null>;
  early: Early;
  before?: ReactNode;
  after: ReactNode;
}) {
  const { lines, onLines, menu } = props;
  const touched = useRef<string | null>(null);
  const [asking, setAsking] = useState<{ item: Pickable; quantity: number } | null>(null);
  const groups = groupsOf(menu.modifier_groups);
  return (
    <div className={styles.take}>
      <div className={styles.takeMenu}>
        <Picker
          menu={menu}
          input={props.input}
          isFirst={props.before === undefined || props.early.isAtMenu}
          early={props.early}
          lines={lines}
          onAdd={(item, quantity) => {
            if (asksFor(item)) {
              setAsking({ item, quantity });
              return;
            }
            touched.current = item.id;
            onLines(addLine(lines, lineOf(menu, item, usual(item), quantity, uuidv7())));
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
          <DraftLines
            lines={lines}
            seats={props.seats}
            onChange={onLines}
            onNoted={() => props.input.current?.focus()}
          />
        </div>
        {props.after}
      </div>
      {asking !== null && (
        <Choices
          item={asking.item}
          quantity={asking.quantity}
          groups={groups}
          before={null}
          onClose={() => setAsking(null)}
          onTake={(choice) => {
            touched.current = asking.item.id;
            onLines(addLine(lines, lineOf(menu, asking.item, choice, asking.quantity, uuidv7())));
            setAsking(null);
            props.input.current?.focus();
          }}
        />
      )}
    </div>
  );
}
