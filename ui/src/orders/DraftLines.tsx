// The lines taken so far: quantity, name, a note or a seat, and the sum.
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconMinus, IconNote, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SEATS_OFFERED_MAX } from "../floor/model";
import { useFormat } from "../kit/format";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { changeQuantity, type DraftLine } from "./draft";
import { COURSE_PRESSED_MAX } from "./lines";
import { Numbers } from "./Numbers";
import styles from "./picker.module.css";

const NOTE_MAX = 200;
const SEAT_MAX = 99;
const COURSE_MAX = 20;
/** As many as a press goes through; a higher one is typed beside the note. */

const nextOf = (course: number | null): number | null =>
  course === null ? 1 : course < COURSE_PRESSED_MAX ? course + 1 : null;

export function DraftLines(props: {
  lines: DraftLine[];
  /** Offered as buttons; null: not known. */
  seats: number | null;
  onChange: (lines: DraftLine[]) => void;
  /** The note is written: the focus goes back to the menu. */
  onNoted: () => void;
}) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const [noting, setNoting] = useState<string | null>(null);
  const { lines } = props;
  const set = (key: string, change: Partial<DraftLine>) =>
    props.onChange(lines.map((line) => (line.key === key ? { ...line, ...change } : line)));
  if (lines.length === 0) return <p className={styles.nothing}>{t("draft.none")}</p>;
  return (
    <ul className={styles.draft} aria-label={t("draft.label")}>
      {lines.map((line) => {
        const small = [
          ...(line.chosen === "" ? [] : [line.chosen]),
          ...(line.note === "" ? [] : [line.note]),
          ...(line.seat === null || Number.isNaN(line.seat) ? [] : [t("lines.seat", { seat: line.seat })]),
        ];
        return (
          <li key={line.key}>
            <div className={styles.draftRow}>
              <span className={styles.stepper}>
                <ActionIcon
                  variant="default"
                  size={32}
                  aria-label={t("draft.less", { name: line.name })}
                  onClick={() => props.onChange(changeQuantity(lines, line.key, -1))}
                >
                  <IconMinus size={15} />
                </ActionIcon>
                <b className="num">{line.quantity}</b>
                <ActionIcon
                  variant="default"
                  size={32}
                  aria-label={t("draft.more", { name: line.name })}
                  onClick={() => props.onChange(changeQuantity(lines, line.key, 1))}
                >
                  <IconPlus size={15} />
                </ActionIcon>
              </span>
              <span className={styles.itemName}>
                {line.name}
                {small.length > 0 && noting !== line.key && <small>{small.join(" · ")}</small>}
              </span>
              <span className={`${styles.price} num`}>{money(line.price_minor * line.quantity)}</span>
              <Button
                variant={line.course === null ? "subtle" : "light"}
                color={line.course === null ? "gray" : "accent"}
                size="compact-sm"
                className={styles.coursePick}
                aria-label={t("draft.coursePick", {
                  name: line.name,
                  course: line.course ?? t("draft.courseNone"),
                })}
                onClick={() => set(line.key, { course: nextOf(line.course) })}
              >
                {line.course === null ? t("draft.courseLabel") : t("lines.course", { course: line.course })}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={32}
                aria-label={t("draft.note", { name: line.name })}
                aria-expanded={noting === line.key}
                onClick={() => setNoting(noting === line.key ? null : line.key)}
              >
                <IconNote size={17} stroke={1.7} />
              </ActionIcon>
            </div>
            {noting === line.key && (
              <div className={styles.noteRow}>
                <TextInput
                  autoFocus
                  aria-label={t("draft.noteLabel")}
                  placeholder={t("draft.noteHint")}
                  maxLength={NOTE_MAX}
                  value={line.note}
                  onChange={(event) => set(line.key, { note: event.currentTarget.value })}
                  onKeyDown={(event) => {
                    if (event.key !== "Enter" && event.key !== "Escape") return;
                    event.preventDefault();
                    event.stopPropagation();
                    setNoting(null);
                    props.onNoted();
                  }}
                />
                <Few
                  label={t("draft.seatLabel")}
                  max={SEAT_MAX}
                  value={line.seat}
                  onChange={(seat) => set(line.key, { seat })}
                />
                <Few
                  label={t("draft.courseLabel")}
                  max={COURSE_MAX}
                  value={line.course}
                  onChange={(course) => set(line.key, { course })}
                />
                {props.seats !== null && props.seats > 1 && props.seats <= SEATS_OFFERED_MAX && (
                  <Numbers
                    label={t("draft.seatOf", { name: line.name })}
                    most={props.seats}
                    value={line.seat}
                    onPick={(seat) => set(line.key, { seat })}
                  />
                )}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** A seat or a course; NaN while what stands there is none, and then the order is not sent. */
function Few(props: {
  label: string;
  max: number;
  value: number | null;
  onChange: (value: number | null) => void;
}) {
  const [typed, setTyped] = useState<number | string>("");
  return (
    <NumberField
      aria-label={props.label}
      placeholder={props.label}
      min={1}
      max={props.max}
      allowDecimal={false}
      hideControls
      value={Number.isNaN(props.value) ? typed : (props.value ?? "")}
      onChange={(value) => {
        setTyped(value);
        props.onChange(value === "" ? null : isWithin(value, 1, props.max) ? Number(value) : NaN);
      }}
    />
  );
}
