import { UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AlertBell } from "../alerts/AlertBell";
import { useLive } from "../api/live";
import { useFormat } from "../kit/format";
import { SyncPill } from "../sync/SyncPill";
import { AlarmPill } from "../printing/AlarmPill";
import { KeyCaps } from "../kit/KeyCaps";
import { Pill } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import { AtTill } from "./AtTill";
import { useBadges } from "./badges";
import { useRestaurant } from "./queries";
import { RestaurantSwitch } from "./Rail";
import { useRewound } from "./rewound";
import styles from "./shell.module.css";

export function TopBar(props: { onSearch: () => void; onSwitch: () => void }) {
  const { t } = useTranslation();
  const flags = Number(useBadges()["inbox"] ?? 0);
  return (
    <header className={styles.top}>
      <div className={styles.onlySmall}>
        <RestaurantSwitch />
      </div>
      <UnstyledButton className={styles.search} onClick={props.onSearch} aria-keyshortcuts="Control+K">
        <IconSearch size={15} aria-hidden />
        <span>{t("search.hint")}</span>
        <KeyCaps keys="mod+k" />
      </UnstyledButton>
      <span className={styles.grow} />
      <AlarmPill />
      {useRewound() === null && <AlertBell />}
      {flags > 0 && (
        <Link to="/inbox" className={styles.alerts}>
          <Pill tone="warn">{t("top.flags", { count: flags })}</Pill>
        </Link>
      )}
      {useRewound() === null && (
        <>
          <SyncPill />
          <LivePill />
        </>
      )}
      <Clock />
      <AtTill onSwitch={props.onSwitch} />
    </header>
  );
}

/** Whether what is on screen is what is true. */
function LivePill() {
  const { t } = useTranslation();
  const live = useLive();
  const now = useNow();
  const { span } = useFormat();
  if (live.status === "lost") {
    return <Pill tone="warn">{t("live.lost", { age: span(now - live.since_ms) })}</Pill>;
  }
  if (live.status === "connected")
    return (
      <Pill tone="ok" title={t("live.connectedWhy")}>
        <span className={styles.well}>{t("live.connected")}</span>
      </Pill>
    );
  return <Pill>{t("live.connecting")}</Pill>;
}

function Clock() {
  const { t } = useTranslation();
  const now = useNow(5_000);
  const restaurant = useRestaurant();
  const { day, time } = useFormat();
  if (restaurant === undefined) return null;
  return (
    <span className={styles.clock}>
      <Pill dot={false} title={t("top.businessDate")}>
        {day(restaurant.business_date)} · {time(now)}
      </Pill>
    </span>
  );
}
