// A table in words: for the list, the pane and who does not see the plan.
import { useTranslation } from "react-i18next";
import type { FloorTable, TableState } from "../api/types";
import { useFormat } from "../kit/format";
import type { Tone } from "../kit/Pill";
import { coversOf, dueOf, readyOf, sinceOf } from "./model";

export const states: TableState[] = ["free", "seated", "ordered", "served", "paying"];
export const toneOf: Record<TableState, Tone> = {
  free: "mute",
  seated: "mute",
  ordered: "warn",
  served: "ok",
  paying: "info",
};

export const isCalling = (table: FloorTable) => table.call != null && table.call.answered_at_ms == null;

export function useTableWords() {
  const { t } = useTranslation("floor");
  const { money, span } = useFormat();
  /** "12" is Table 12; "Bar" already says what it is. */
  const name = (table: Pick<FloorTable, "name">) =>
    /^\d/.test(table.name) ? t("table", { name: table.name }) : table.name;
  const all = (table: FloorTable, now: number) => {
    const since = sinceOf(table);
    const covers = coversOf(table);
    return [
      name(table),
      t(`state.${table.state}`),
      t("seats", { count: table.seats }),
      ...(covers > 0 ? [t("guests", { count: covers })] : []),
      ...(since === null ? [] : [span(now - since), t("due", { amount: money(dueOf(table)) })]),
      ...(readyOf(table) > 0 ? [t("ready", { count: readyOf(table) })] : []),
      ...(table.waiter == null ? [] : [t("servedBy", { name: table.waiter.name })]),
      ...(isCalling(table) ? [t(`call.${table.call?.wants ?? "waiter"}`)] : []),
    ].join(", ");
  };
  const plan = (table: FloorTable) =>
    [name(table), t(`shape.${table.shape}`), t("seats", { count: table.seats })].join(", ");
  return { name, all, plan };
}
