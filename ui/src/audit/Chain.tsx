// Whether every record is still what it was: how far it was checked, when, and checking it now.
import { Button } from "@mantine/core";
import { IconShieldCheck, IconShieldQuestion, IconShieldX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { ChainState } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import styles from "./audit.module.css";
import { chainQuery } from "./queries";

export function Chain() {
  const { t } = useTranslation("audit");
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const { data: chain } = useQuery(chainQuery(rid));
  const { dateTime, count } = useFormat();
  const check = useCommand({
    name: "audit.check",
    run: (_: { after: number }, key) =>
      ask<ChainState>(
        api.POST("/api/v1/restaurants/{rid}/audit/chain", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: (state) => queryClient.setQueryData(chainQuery(rid).queryKey, state),
    onFailed: useComplain(),
  });
  if (chain === undefined) return <div className={styles.chain} aria-busy="true" />;
  const { checked } = chain;
  const isBroken = checked != null && checked.findings_total > 0;
  const Mark = checked == null ? IconShieldQuestion : isBroken ? IconShieldX : IconShieldCheck;
  return (
    <section
      className={styles.chain}
      data-tone={checked == null ? "mute" : isBroken ? "bad" : "ok"}
      aria-label={t("chain.label")}
    >
      <Mark size={24} stroke={1.6} aria-hidden />
      <div role="status">
        <b>
          {chain.running
            ? t("chain.running")
            : checked == null
              ? t("chain.never")
              : isBroken
                ? t("chain.broken", { count: checked.findings_total })
                : t("chain.clean")}
        </b>
        <small className="num">
          {checked == null
            ? t("chain.neverWhy", { entry: count(chain.entry) })
            : t("chain.checked", {
                entry: count(checked.entry),
                at: dateTime(checked.at_ms),
                newer: count(chain.entry - checked.entry),
                commands: count(checked.commands),
              })}
        </small>
        {isBroken && (
          <ul>
            {checked.findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
        )}
      </div>
      <Button
        variant="default"
        loading={chain.running || check.isPending}
        onClick={() => check.mutate({ after: checked?.at_ms ?? 0 })}
      >
        {t("chain.check")}
      </Button>
    </section>
  );
}
