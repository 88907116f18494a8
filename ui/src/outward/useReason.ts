// Why a server elsewhere gave no good answer, and what to do about it.
import { useTranslation } from "react-i18next";
import type { Reason } from "./queries";

/** What is said otherwise of any server than of a deployment; the rest is the same. */
const OF_ANY = ["timed_out", "no_tls", "redirected", "too_big", "status"] as const;
/** Where the deployments' words say only what is wrong. */
const TO_DO = ["refused", "unreachable", "certificate", "cut_off"] as const;

export function useReason(): (reason: Reason) => string {
  const { t } = useTranslation("outward");
  const { t: common } = useTranslation("deployments");
  return (reason) => {
    const ofAny = OF_ANY.find((known) => known === reason);
    if (ofAny !== undefined) return t(`reason.${ofAny}`);
    const toDo = TO_DO.find((known) => known === reason);
    const what = common(`reason.${reason}`);
    return toDo === undefined ? what : `${what} ${t(`todo.${toDo}`)}`;
  };
}
