import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import type { Tier } from "./queries";

/** How often a tier may ask, in words. */
export function useQuota(): (tier: Tier) => string {
  const { t } = useTranslation("api-keys");
  const format = useFormat();
  return ({ requests, window_s }) => {
    if (requests == null || window_s == null) return t("quota.none");
    if (window_s === 60) return t("quota.minute", { requests: format.count(requests) });
    return t("quota.within", { requests: format.count(requests), span: format.span(window_s * 1000) });
  };
}
