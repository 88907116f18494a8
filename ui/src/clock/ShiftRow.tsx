// One shift: its day, from when to when, its breaks, how long; and what a manager wrote down later.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Shift } from "../api/types";
import { useFormat } from "../kit/format";
import { Pill } from "../kit/Pill";
import styles from "./clock.module.css";
import { hours } from "./model";

export function ShiftRow(props: { shift: Shift; children?: ReactNode }) {
  const { t } = useTranslation("clock");
  const { day, time, dateTime } = useFormat();
  const { shift } = props;
  const end = shift.ended_ms == null ? (shift.forgotten ? t("unknown") : t("still")) : time(shift.ended_ms);
  return (
    <li className={styles.shift} data-voided={shift.voided ? "" : undefined}>
      <b>{day(shift.business_date)}</b>
      <span className="num">
        {time(shift.started_ms)} – {end}
        {shift.break_ms > 0 && <small>{t("breakOf", { hours: hours(shift.break_ms) })}</small>}
      </span>
      <span className={styles.marks}>
        {shift.voided && <Pill>{t("voided")}</Pill>}
        {!shift.voided && shift.forgotten && <Pill tone="warn">{t("forgotten")}</Pill>}
        {!shift.voided && shift.corrections.length > 0 && (
          <Pill tone="info">{shift.corrections[0]?.kind === "add" ? t("added") : t("corrected")}</Pill>
        )}
        {!shift.voided && shift.ended_ms == null && !shift.forgotten && <Pill tone="ok">{t("here")}</Pill>}
      </span>
      <span className={`${styles.length} num`}>{hours(shift.worked_ms)}</span>
      {props.children !== undefined && <span className={styles.do}>{props.children}</span>}
      {shift.corrections.length > 0 && (
        <ul className={styles.corrections}>
          {shift.corrections.map((one) => (
            <li key={one.at_ms}>
              {t(`correction.${one.kind as "add" | "correct" | "void"}`, {
                name: one.by_name,
                at: dateTime(one.at_ms),
                was:
                  one.was_started_ms == null
                    ? ""
                    : `${time(one.was_started_ms)} – ${one.was_ended_ms == null ? t("unknown") : time(one.was_ended_ms)}`,
                reason: one.reason,
              })}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
