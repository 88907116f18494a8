// The keys of the restaurant, one a row.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { Table } from "../kit/Table";
import { useNow } from "../kit/useNow";
import styles from "./api-keys.module.css";
import type { ApiKey, ApiKeys } from "./queries";
import { Resume } from "./Resume";
import { Revoke } from "./Revoke";
import { byPart, useScopeWords } from "./scopes";
import { useQuota } from "./useQuota";

/** More than these are counted, and listed when asked for. */
const SCOPES_SHOWN_MAX = 3;
const MINUTE_MS = 60_000;
const NOW_EVERY_MS = 15_000;

const tones: Record<ApiKey["standing"], Tone> = {
  works: "ok",
  ended: "mute",
  paused: "warn",
  maker_left: "bad",
};

/** `ahead_ms`: how far the clock of this device is ahead of the engine's. */
export function KeyTable({ keys, ahead_ms }: { keys: ApiKeys; ahead_ms: number }) {
  const { t } = useTranslation("api-keys");
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const now_ms = useNow(NOW_EVERY_MS) - ahead_ms;
  const { date, span } = useFormat();
  const quota = useQuota();
  const used = ({ used_ms }: ApiKey) => {
    if (used_ms == null) return t("used.never");
    const silent_ms = now_ms - used_ms;
    return silent_ms < MINUTE_MS ? t("used.now") : t("used.ago", { span: span(silent_ms) });
  };
  return (
    <Panel title={t("keys")} note={t("count", { count: keys.items.length })}>
      {keys.items.some((key) => key.standing === "paused") && <p className={styles.why}>{t("paused")}</p>}
      <Table
        label={t("keys")}
        rows={keys.items}
        keyOf={(key) => key.id}
        stacks
        columns={[
          {
            head: t("column.key"),
            wraps: true,
            cell: (key) => (
              <>
                {key.name}
                <small>
                  <code>{t("hint", { hint: key.hint })}</code>
                </small>
              </>
            ),
          },
          {
            head: t("column.may"),
            wraps: true,
            cell: (key) => <Scopes of={key} total={keys.scopes.length} />,
          },
          {
            head: t("column.tier"),
            cell: (key) => {
              const tier = keys.tiers.find((one) => one.tier === key.tier);
              return (
                <>
                  {t(`tier.${key.tier}`)}
                  {tier !== undefined && <small>{quota(tier)}</small>}
                </>
              );
            },
          },
          {
            head: t("column.made"),
            cell: (key) => (
              <>
                {date(key.made_ms)}
                {key.made_by !== "" && <small>{t("by", { name: key.made_by })}</small>}
              </>
            ),
          },
          {
            head: t("column.ends"),
            cell: (key) => (key.expires_ms == null ? t("endless") : date(key.expires_ms)),
          },
          { head: t("column.used"), cell: used },
          {
            head: t("column.standing"),
            cell: (key) => <Pill tone={tones[key.standing]}>{t(`standing.${key.standing}`)}</Pill>,
          },
          {
            head: null,
            cell: (key) => (
              <>
                {key.standing === "paused" && <Resume of={key} />}
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="bad"
                  aria-label={t("revokeOne", { name: key.name })}
                  onClick={() => setLeaving(key)}
                >
                  {t("revoke")}
                </Button>
              </>
            ),
          },
        ]}
      />
      {leaving !== null && <Revoke of={leaving} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}

function Scopes({ of, total }: { of: ApiKey; total: number }) {
  const { t } = useTranslation("api-keys");
  const words = useScopeWords();
  const list = (
    <ul className={styles.scopes}>
      {byPart(of.scopes).map(({ part, scopes }) => (
        <li key={part}>
          <b>{words.part(part)}</b> {scopes.map(words.scope).join(" · ")}
        </li>
      ))}
    </ul>
  );
  if (of.scopes.length <= SCOPES_SHOWN_MAX) return list;
  return (
    <details>
      <summary>{t("someOf", { some: of.scopes.length, all: total })}</summary>
      {list}
    </details>
  );
}
