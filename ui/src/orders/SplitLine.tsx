// One line of a check. Pressed, it asks which check it goes to, and how many of several; dragged, or sent with the
// number of a check, it goes at once.
import { ActionIcon, Button, Popover } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "../api/types";
import { useFormat } from "../kit/format";
import styles from "./split.module.css";

const ONE = 1000;
/** Escape closes what is asked here, and not the dialog it is in. */
const own = { "data-mantine-stop-propagation": "true" };

export interface Target {
  /** Null: a check of its own. */
  id: string | null;
  label: string;
}

export function SplitLine(props: {
  line: Line;
  /** Where it can go, and where it is not already. */
  targets: Target[];
  isFirst: boolean;
  onDigit: (digit: number, isPart: boolean) => void;
  onMove: (to: string | null, quantity_milli: number) => void;
}) {
  const { t } = useTranslation("orders");
  const { money, quantity } = useFormat();
  const { line } = props;
  const [isOpen, setOpen] = useState(false);
  const [many, setMany] = useState(1);
  // Half a kilo goes whole.
  const pieces = line.quantity_milli % ONE === 0 ? line.quantity_milli / ONE : 1;
  const move = (to: string | null) => {
    setOpen(false);
    props.onMove(to, pieces > 1 ? many * ONE : line.quantity_milli);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      width={240}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <button
          {...(isOpen ? own : {})}
          type="button"
          draggable
          data-line={line.id}
          data-autofocus={props.isFirst ? true : undefined}
          className={styles.line}
          aria-keyshortcuts="1 2 3 4 5 6 7 8 9"
          onDragStart={(event) => event.dataTransfer.setData("text/plain", line.id)}
          onKeyDown={(event) => {
            const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
            if (digit === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            props.onDigit(Number(digit), event.shiftKey);
          }}
          onClick={() => {
            setMany(pieces);
            setOpen(!isOpen);
          }}
        >
          <span>
            {line.quantity_milli !== ONE && <b className="num">{quantity(line.quantity_milli)} × </b>}
            {line.name}
            {line.seat != null && <small> · {t("lines.seat", { seat: line.seat })}</small>}
          </span>
          <span className="num">{money(line.total_minor)}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("split.where", { name: line.name })}>
        <div className={styles.where}>
          {pieces > 1 && (
            <div className={styles.many}>
              <ActionIcon
                {...own}
                variant="default"
                size={44}
                disabled={many <= 1}
                aria-label={t("split.fewer")}
                onClick={() => setMany(many - 1)}
              >
                <IconMinus size={16} />
              </ActionIcon>
              <span className="num" aria-live="polite">
                {t("split.many", { many, count: pieces })}
              </span>
              <ActionIcon
                {...own}
                variant="default"
                size={44}
                disabled={many >= pieces}
                aria-label={t("split.more")}
                onClick={() => setMany(many + 1)}
              >
                <IconPlus size={16} />
              </ActionIcon>
            </div>
          )}
          {props.targets.map((target, at) => (
            <Button
              {...own}
              key={target.id ?? "new"}
              variant="default"
              fullWidth
              h={44}
              data-autofocus={at === 0 ? true : undefined}
              onClick={() => move(target.id)}
            >
              {target.label}
            </Button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
