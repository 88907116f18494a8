// The engine does not answer, and the restaurant has a spare: the way there. People sign in anew at the spare.
import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../api/live";
import { useMay, useRestaurantId } from "../app/queries";
import { useNow } from "../kit/useNow";
import { shown } from "./model";
import { syncStateQuery } from "./queries";
import { keepSpare, spareOf } from "./spare";
import styles from "./sync.module.css";

/** An engine that is away for a moment is no reason to go elsewhere. */
const SILENT_MS = 8_000;

/** Over every page, while the engine is away. */
export function SpareStrip() {
  const rid = useRestaurantId();
  const may = useMay();
  const live = useLive();
  const now = useNow(1_000);
  const state = useQuery({ ...syncStateQuery(rid), enabled: may("clock.own") }).data;
  useEffect(() => {
    if (state !== undefined) keepSpare(rid, state.spare ?? null);
  }, [rid, state]);
  if (live.status !== "lost" || now - live.since_ms < SILENT_MS) return null;
  return <SpareOffer rid={rid} />;
}

export function SpareOffer({ rid }: { rid: string }) {
  const { t } = useTranslation("sync");
  const address = spareOf(rid);
  if (address === null) return null;
  return (
    <section className={styles.strip} aria-label={t("offer.label")}>
      <IconCloudOff size={18} aria-hidden />
      <p>{t("offer.text", { address: shown(address) })}</p>
      <Button component="a" href={address} variant="default">
        {t("offer.open")}
      </Button>
    </section>
  );
}
