// The register: a card each, those that are down first.
import { Button } from "@mantine/core";
import { IconPlus, IconServer2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { DeploymentForm } from "./DeploymentForm";
import styles from "./deployments.module.css";
import { type Deployment, deploymentsQuery } from "./queries";
import { Spark } from "./Spark";
import { StatePill, Why } from "./Words";

const WORST_FIRST: Deployment["state"][] = ["down", "unknown", "up"];

export function Overview({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation("deployments");
  const query = useQuery(deploymentsQuery(useRestaurantId()));
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const all = query.data?.items ?? [];
  const down = all.filter((one) => one.state === "down").length;
  const add = may("deployments.write") && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  );
  return (
    <>
      <PageHead
        title={t("title")}
        sub={
          all.length === 0
            ? t("sub")
            : down > 0
              ? t("someDown", { count: down })
              : t("watched", { count: all.length })
        }
      >
        {all.length > 0 && add}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={4} />}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={IconServer2} title={t("empty.title")} text={t("empty.text")}>
                {add}
              </EmptyState>
            ) : (
              <ul className={styles.cards}>
                {[...items]
                  .sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state))
                  .map((one) => (
                    <li key={one.id}>
                      <Card one={one} onOpen={() => onOpen(one.id)} />
                    </li>
                  ))}
              </ul>
            )
          }
        </Answer>
      </PageBody>
      {isAdding && <DeploymentForm onClose={() => setAdding(false)} onDone={(made) => onOpen(made.id)} />}
    </>
  );
}

function Card({ one, onOpen }: { one: Deployment; onOpen: () => void }) {
  const { t } = useTranslation("deployments");
  const { rate, took } = useFormat();
  return (
    <button type="button" className={styles.card} data-state={one.state} onClick={onOpen}>
      <span className={styles.cardHead}>
        <b>{one.name}</b>
        <StatePill of={one} />
      </span>
      <span className={styles.where}>{one.address}</span>
      <Spark probes={one.recent} />
      <span className={`${styles.three} num`}>
        <span>
          <small>{t("uptimeDay")}</small>
          <b>{one.uptime_day_bp == null ? "–" : rate(one.uptime_day_bp)}</b>
        </span>
        <span>
          <small>{t("latency")}</small>
          <b>{one.last?.good === true ? took(one.last.took_us) : "–"}</b>
        </span>
        <span>
          <small>{t("p95")}</small>
          <b>{one.p95_ms == null ? "–" : took(one.p95_ms * 1000)}</b>
        </span>
      </span>
      <span className={styles.tags}>
        <i>{t(`environment.${one.environment}`)}</i>
        {one.version != null && <i>{t("version", { version: one.version })}</i>}
        {one.tags.map((tag) => (
          <i key={tag}>{tag}</i>
        ))}
      </span>
      <Why of={one} />
    </button>
  );
}
