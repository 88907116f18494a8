// The rules: what is measured, its limit, how long it has to be bad, whether it is on; changed by who may.
import { Button, Modal, Select, Switch } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { Table } from "../kit/Table";
import { isWithin } from "../kit/within";
import styles from "./alerts.module.css";
import { inUnit, typedIn } from "./inUnit";
import { type AlertRule, type AlertRuleChange, alertRulesQuery, type AlertRules } from "./queries";

const WAITS = [0, 60, 120, 300, 600, 900, 1800, 3600];

export function Rules() {
  const { t } = useTranslation("alerts");
  const format = useFormat();
  const may = useMay();
  const { data } = useQuery(alertRulesQuery(useRestaurantId()));
  const [changing, setChanging] = useState<AlertRule["name"] | null>(null);
  if (data === undefined) return null;
  const rule = data.items.find((one) => one.name === changing);
  return (
    <Panel title={t("rules.title")} note={t("rules.note")}>
      <Table
        label={t("rules.title")}
        rows={data.items}
        keyOf={(one) => one.name}
        lookOf={(one) => (one.on ? undefined : "faint")}
        stacks
        columns={[
          { head: t("rules.what"), wraps: true, cell: (one) => t(`rule.${one.name}.what`) },
          {
            head: t("rules.severity"),
            cell: (one) =>
              one.on ? (
                <Pill tone={one.severity === "critical" ? "bad" : "warn"}>
                  {t(`severity.${one.severity}`)}
                </Pill>
              ) : (
                <Pill tone="mute">{t("rules.off")}</Pill>
              ),
          },
          {
            head: t("rules.limit"),
            cell: (one) => t(`limit.${one.bad}`, { limit: inUnit(format, one.unit, one.threshold) }),
          },
          {
            head: t("rules.wait"),
            cell: (one) => (one.for_s === 0 ? t("rules.atOnce") : format.span(one.for_s * 1_000)),
          },
          {
            head: t("rules.now"),
            cell: (one) => (one.value == null ? t("rules.unknown") : inUnit(format, one.unit, one.value)),
          },
          may("health.write") && {
            head: null,
            cell: (one) => (
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<IconPencil size={14} />}
                aria-label={t("rules.changeOf", { what: t(`rule.${one.name}.what`) })}
                onClick={() => setChanging(one.name)}
              >
                {t("rules.change")}
              </Button>
            ),
          },
        ]}
      />
      {rule !== undefined && <RuleForm key={rule.name} rule={rule} onClose={() => setChanging(null)} />}
    </Panel>
  );
}

function RuleForm({ rule, onClose }: { rule: AlertRule; onClose: () => void }) {
  const { t } = useTranslation("alerts");
  const { t: common } = useTranslation();
  const format = useFormat();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const by = typedIn(rule.unit);
  const most = rule.threshold_max / by;
  const [on, setOn] = useState(rule.on);
  const [limit, setLimit] = useState<number | string>(rule.threshold / by);
  const [wait, setWait] = useState(rule.for_s);
  const save = useCommand({
    name: "alerts.rule",
    run: ({ name, ...body }: AlertRuleChange & { name: AlertRule["name"] }, key) =>
      ask<AlertRules>(
        api.PUT("/api/v1/restaurants/{rid}/alerts/rules/{rule}", {
          params: { path: { rid, rule: name }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: () => {
      say(t("rules.saved", { what: t(`rule.${rule.name}.what`) }));
      void client.invalidateQueries({ queryKey: ["alerts", rid] });
      onClose();
    },
  });
  const field = save.error?.field ?? null;
  return (
    <Modal opened onClose={onClose} title={t(`rule.${rule.name}.what`)}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (limit !== "" && !isWithin(limit, 0, most)) return;
          const threshold = limit === "" ? rule.usual_threshold : Math.round(Number(limit) * by);
          save.mutate({ name: rule.name, on, threshold, for_s: wait });
        }}
      >
        <Switch label={t("rules.on")} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
        <NumberField
          data-autofocus
          label={t(`form.${rule.bad}.${rule.unit}`)}
          description={t("form.usual", { limit: inUnit(format, rule.unit, rule.usual_threshold) })}
          min={0}
          max={most}
          allowNegative={false}
          disabled={!on}
          value={limit}
          error={field === "threshold" ? save.error?.message : undefined}
          onChange={setLimit}
        />
        <Select
          label={t("form.wait")}
          allowDeselect={false}
          disabled={!on}
          value={String(wait)}
          onChange={(value) => setWait(Number(value ?? rule.for_s))}
          data={[...new Set([...WAITS, rule.for_s])]
            .sort((a, b) => a - b)
            .map((s) => ({ value: String(s), label: s === 0 ? t("rules.atOnce") : format.span(s * 1_000) }))}
        />
        <FormFoot
          error={field === "threshold" ? null : save.error}
          isSaving={save.isPending}
          save={common("action.save")}
          onCancel={onClose}
          remove={null}
        />
      </form>
    </Modal>
  );
}
