// A deployment's state as a pill, and the sentence why it does not answer.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Pill } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import styles from "./deployments.module.css";
import type { Deployment, Probe } from "./queries";

const DAY_MS = 24 * 60 * 60_000;

export function StatePill({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const { span } = useFormat();
  const now = useNow(10_000);
  const tone = of.state === "up" ? "ok" : of.state === "down" ? "bad" : "mute";
  const since = of.since_ms == null ? "" : span(now - of.since_ms);
  return <Pill tone={tone}>{t(`state.${of.state}`, { since })}</Pill>;
}

/** Null: the last answer was good. */
export function useReason(): (probe: Pick<Probe, "reason" | "status"> | null | undefined) => string | null {
  const { t } = useTranslation("deployments");
  return (probe) =>
    probe?.reason == null ? null : t(`reason.${probe.reason}`, { status: probe.status ?? "" });
}

/** What is wrong now, and what will be: the certificate. */
export function Why({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const { span, dateTime } = useFormat();
  const now = useNow(60_000);
  const reason = useReason()(of.last);
  const left = of.expires_ms == null ? null : of.expires_ms - now;
  return (
    <>
      {reason !== null && (
        <span className={styles.why} data-tone={of.state === "down" ? "bad" : "warn"}>
          {reason}
        </span>
      )}
      {left !== null && left < 21 * DAY_MS && of.expires_ms != null && (
        <span className={styles.why} data-tone={left < 3 * DAY_MS ? "bad" : "warn"}>
          {left < 0
            ? t("certificate.over", { at: dateTime(of.expires_ms) })
            : t("certificate.soon", { left: span(left) })}
        </span>
      )}
    </>
  );
}
