// "live · 2 s ago", or in red that this screen hears nothing and paper takes over.
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { useNow } from "../kit/useNow";
import styles from "./kitchen.module.css";
import { pulse } from "./pulse";

export function Heartbeat(props: { heard_at_ms: number }) {
  const { t } = useTranslation("kitchen");
  const { span } = useFormat();
  const now = useNow(1000);
  const { alive, age_ms } = pulse(props.heard_at_ms, now);
  const age = span(age_ms);
  return (
    <>
      <span className={`${styles.beat} num`} data-alive={alive ? "" : undefined}>
        {alive ? <i aria-hidden /> : <IconPlugConnectedX size={18} aria-hidden />}
        {alive
          ? t("beat.live", { age })
          : props.heard_at_ms === 0
            ? t("beat.never")
            : t("beat.dead", { age })}
      </span>
      {/* Said once when it dies, not every second. */}
      <span className="visually-hidden" role="alert">
        {alive || props.heard_at_ms === 0 ? "" : t("beat.alert")}
      </span>
    </>
  );
}
