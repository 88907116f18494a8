// The last answers as a row of bars: how long each took; a bad one stands out at full height.
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import styles from "./deployments.module.css";
import type { Probe } from "./queries";

const BARS = 40;
const H = 28;

export function Spark({ probes }: { probes: readonly Probe[] }) {
  const { t } = useTranslation("deployments");
  const { took } = useFormat();
  const good = probes.filter((probe) => probe.good);
  const top = Math.max(1, ...good.map((probe) => probe.took_us));
  const label =
    probes.length === 0
      ? t("spark.none")
      : t("spark.label", { count: probes.length, bad: probes.length - good.length, slowest: took(top) });
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${BARS * 5} ${H}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      {probes.map((probe, index) => {
        const height = probe.good ? Math.max(2, (probe.took_us / top) * H) : H;
        return (
          <rect
            key={probe.at_ms}
            data-bad={probe.good ? undefined : ""}
            x={(BARS - probes.length + index) * 5}
            y={H - height}
            width={4}
            height={height}
          />
        );
      })}
    </svg>
  );
}
