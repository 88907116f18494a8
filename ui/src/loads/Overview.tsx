// The first look: a run that goes on, plans to begin with, and what was run before.
import { Button } from "@mantine/core";
import { IconGauge, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import styles from "./loads.module.css";
import type { Go } from "./LoadsPage";
import { PastRuns } from "./PastRuns";
import { plansQuery, presetsQuery, runsQuery } from "./queries";

export const KNOWN = [
  "quick",
  "service",
  "phases",
  "ordering",
  "reading",
  "screens",
  "breaking-point",
] as const;
const known = (key: string) => KNOWN.find((one) => one === key);

export function Overview({ onGo }: { onGo: Go }) {
  const { t } = useTranslation("loads");
  const runs = useQuery(runsQuery(useRestaurantId()));
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => onGo({ plan: "new" })}>
          {t("new")}
        </Button>
      </PageHead>
      <PageBody>
        <Answer query={runs} skeleton={<SkeletonRows rows={4} />}>
          {(data) => (
            <>
              {data.going !== null && (
                <Panel>
                  <div className={styles.going} role="status">
                    <Pill tone="accent">{t("going", { name: data.going.plan })}</Pill>
                    <Button size="sm" onClick={() => onGo({ run: data.going?.id ?? "" })}>
                      {t("see")}
                    </Button>
                  </div>
                </Panel>
              )}
              {data.busy_elsewhere && <Panel>{t("elsewhere")}</Panel>}
              <Plans onGo={onGo} />
              {data.past.length === 0 ? (
                data.going === null && (
                  <EmptyState icon={IconGauge} title={t("none")} text={t("noneText")}>
                    <Button onClick={() => onGo({ plan: "preset:quick" })}>{t("preset.quick")}</Button>
                  </EmptyState>
                )
              ) : (
                <PastRuns runs={data.past} onGo={onGo} />
              )}
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}

function Plans({ onGo }: { onGo: Go }) {
  const { t } = useTranslation("loads");
  const rid = useRestaurantId();
  const own = useQuery(plansQuery(rid));
  const presets = useQuery(presetsQuery(rid));
  return (
    <Answer query={presets} skeleton={<SkeletonRows rows={3} />}>
      {(ready) => (
        <Panel title={t("begin")}>
          <ul className={styles.plans}>
            {(own.data ?? []).map((plan) => (
              <li key={plan.id}>
                <button type="button" onClick={() => onGo({ plan: plan.id })}>
                  <b>{plan.name}</b>
                  <span>{plan.plan.target}</span>
                  <small>{t("own")}</small>
                </button>
              </li>
            ))}
            {ready.map(({ key, plan }) => {
              const word = known(key);
              return (
                <li key={key}>
                  <button type="button" onClick={() => onGo({ plan: `preset:${key}` })}>
                    <b>{word === undefined ? plan.name : t(`preset.${word}`)}</b>
                    <span>{word === undefined ? "" : t(`presetText.${word}`)}</span>
                    <small>{t("presets")}</small>
                  </button>
                </li>
              );
            })}
          </ul>
        </Panel>
      )}
    </Answer>
  );
}
