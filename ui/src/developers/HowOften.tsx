// How often a key may ask: each tier in a line, and what is counted apart for who may see the limits.
import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { apiKeysQuery } from "../api-keys/queries";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { limitsQuery } from "../limits/queries";
import styles from "./developers.module.css";

/** What a key asks that is counted apart. */
const APART = ["payment", "upload", "search", "heavy"];

export function HowOften() {
  const { t } = useTranslation("developers");
  const { t: keyWords } = useTranslation("api-keys");
  const { t: limitWords } = useTranslation("limits");
  const maySee = useMay()("health.read");
  const tiers = useQuery(apiKeysQuery(useRestaurantId())).data?.tiers ?? [];
  const limiters = useQuery({ ...limitsQuery, enabled: maySee }).data?.limiters ?? [];
  const quota = useQuota();
  return (
    <Panel
      title={t("limits.title")}
      note={
        maySee && (
          <Anchor component={Link} to="/engine/limits" size="sm">
            {t("limits.all")}
          </Anchor>
        )
      }
    >
      <p className={styles.why}>{t("limits.why")}</p>
      <ul className={`${styles.limits} num`}>
        {tiers.map(({ tier, requests, window_s }) => (
          <li key={tier}>
            <span>{t("limits.tier", { tier: keyWords(`tier.${tier}`) })}</span>
            <b>{requests == null || window_s == null ? t("limits.none") : quota(requests, window_s)}</b>
          </li>
        ))}
        {limiters
          .filter(({ name }) => APART.includes(name))
          .map(({ name, requests, window_s }) => (
            <li key={name}>
              <span>{limitWords(`name.${name}`)}</span>
              <b>{quota(requests, window_s)}</b>
            </li>
          ))}
      </ul>
    </Panel>
  );
}

function useQuota(): (requests: number, window_s: number) => string {
  const { t } = useTranslation("developers");
  const { count, span } = useFormat();
  return (requests, window_s) =>
    window_s === 60
      ? t("limits.minute", { requests: count(requests) })
      : t("limits.within", { requests: count(requests), span: span(window_s * 1000) });
}
