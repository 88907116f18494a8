// A rule's figure in the words of its unit, and its limit as a person types it.
import type { Format } from "../kit/format";
import type { AlertRule } from "./queries";

type Unit = AlertRule["unit"];

export function inUnit({ rate, took, span, count }: Format, unit: Unit, value: number): string {
  if (unit === "bp") return rate(value);
  if (unit === "ms") return took(value * 1_000);
  if (unit === "s") return span(value * 1_000);
  return count(value);
}

/** A limit is typed in percent, milliseconds, minutes or as a number. */
export const typedIn = (unit: Unit): number => (unit === "bp" ? 100 : unit === "s" ? 60 : 1);
