// When the base of the night is made and how long backups stay; what a rule would let go of is shown before it does.
import { Button, Group, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupRetention, BackupsGoing, BackupsOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain, say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { Panel } from "../kit/Page";
import { isWithin } from "../kit/within";
import styles from "./backups.module.css";
import { backupsQuery } from "./queries";

const TIER_MAX = 366;
const DAYS_MAX = 3660;

const wall = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const minuteOf = (text: string) => {
  const [hours, minutes] = text.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

export function Rules({ overview }: { overview: BackupsOverview }) {
  const { t } = useTranslation("backups");
  const { bytes } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
  const queryClient = useQueryClient();
  const complain = useComplain();
  const readOnly = !may("backups.write");
  const kept = overview.retention;
  const [rule, setRule] = useState<"tiers" | "days">(kept.rule);
  const [tiers, setTiers] = useState(
    kept.rule === "tiers" ? kept : { rule: "tiers" as const, daily: 7, weekly: 4, monthly: 12 },
  );
  const [days, setDays] = useState(kept.rule === "days" ? kept.days : 30);
  const [nightly, setNightly] = useState(overview.nightly);
  /** As it stands in the fields; what is no number of days is not shown as a rule and not saved. */
  const [typed, setTyped] = useState<
    Partial<Record<"daily" | "weekly" | "monthly" | "days", number | string>>
  >({});
  const isGood =
    rule === "days"
      ? isWithin(typed.days ?? days, 1, DAYS_MAX)
      : isWithin(typed.daily ?? tiers.daily, 1, TIER_MAX) &&
        isWithin(typed.weekly ?? tiers.weekly, 0, TIER_MAX) &&
        isWithin(typed.monthly ?? tiers.monthly, 0, TIER_MAX);
  const retention: BackupRetention = rule === "tiers" ? tiers : { rule: "days", days };
  const isChanged = JSON.stringify([retention, nightly]) !== JSON.stringify([kept, overview.nightly]);
  const going = useQuery({
    queryKey: ["backups", rid, "going", retention],
    queryFn: () =>
      ask<BackupsGoing>(
        api.POST("/api/v1/restaurants/{rid}/backups/cleanup/preview", {
          params: { path: { rid } },
          body: { retention },
        }),
      ),
    staleTime: 5_000,
  }).data;
  const save = useCommand({
    name: "backups.rule",
    run: (body: { retention: BackupRetention; nightly: BackupsOverview["nightly"] }) =>
      ask<BackupsOverview>(
        api.PUT("/api/v1/restaurants/{rid}/backups/rule", { params: { path: { rid } }, body }),
      ),
    onDone: (fresh) => queryClient.setQueryData(backupsQuery(rid).queryKey, fresh),
    onFailed: complain,
  });
  const clean = useCommand<{ bases: string[] }, BackupsGoing>({
    name: "backups.cleanUp",
    // No others go than those shown.
    run: (body) =>
      ask<BackupsGoing>(
        api.POST("/api/v1/restaurants/{rid}/backups/cleanup", { params: { path: { rid } }, body }),
      ),
    onDone: (gone) => {
      say(t("rules.cleaned", { count: gone.bases.length }));
      void queryClient.invalidateQueries({ queryKey: ["backups", rid] });
    },
    onFailed: complain,
  });
  const tier = (key: "daily" | "weekly" | "monthly", min: number) => (
    <NumberField
      label={t(`rules.${key}`)}
      min={min}
      max={TIER_MAX}
      allowDecimal={false}
      readOnly={readOnly}
      value={typed[key] ?? tiers[key]}
      onChange={(value) => {
        setTyped((before) => ({ ...before, [key]: value }));
        if (isWithin(value, min, TIER_MAX)) setTiers((before) => ({ ...before, [key]: Number(value) }));
      }}
    />
  );
  const nothing = going === undefined || (going.bases.length === 0 && going.segments === 0);
  return (
    <Panel title={t("rules.title")} note={t("rules.note")}>
      <div className={styles.form}>
        <div className={styles.night}>
          <Switch
            label={t("rules.nightly")}
            checked={nightly.on}
            disabled={readOnly}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              setNightly((before) => ({ ...before, on }));
            }}
          />
          <TextInput
            type="time"
            aria-label={t("rules.hour")}
            disabled={!nightly.on || readOnly}
            value={wall(nightly.minute)}
            onChange={(event) => {
              const minute = minuteOf(event.currentTarget.value);
              setNightly((before) => ({ ...before, minute }));
            }}
          />
        </div>
        <SegmentedControl
          aria-label={t("rules.keep")}
          readOnly={readOnly}
          value={rule}
          onChange={(value) => setRule(value === "days" ? "days" : "tiers")}
          data={[
            { value: "tiers", label: t("rules.tiers") },
            { value: "days", label: t("rules.days") },
          ]}
        />
        {rule === "tiers" ? (
          <div className={styles.tiers}>
            {tier("daily", 1)}
            {tier("weekly", 0)}
            {tier("monthly", 0)}
          </div>
        ) : (
          <NumberField
            label={t("rules.howMany")}
            min={1}
            max={DAYS_MAX}
            allowDecimal={false}
            readOnly={readOnly}
            value={typed.days ?? days}
            onChange={(value) => {
              setTyped((before) => ({ ...before, days: value }));
              if (isWithin(value, 1, DAYS_MAX)) setDays(Number(value));
            }}
          />
        )}
        <p className={styles.quiet} role="status">
          {nothing
            ? t("rules.goesNothing")
            : t("rules.goes", { count: going.bases.length, bytes: bytes(going.bytes) })}
        </p>
        {!readOnly && (
          <Group justify="flex-end">
            <Button
              variant="default"
              disabled={isChanged || nothing}
              loading={clean.isPending}
              onClick={() => clean.mutate({ bases: going?.bases ?? [] })}
            >
              {t("rules.clean")}
            </Button>
            <Button
              disabled={!isChanged || !isGood}
              loading={save.isPending}
              onClick={() => save.mutate({ retention, nightly })}
            >
              {t("rules.save")}
            </Button>
          </Group>
        )}
      </div>
    </Panel>
  );
}
