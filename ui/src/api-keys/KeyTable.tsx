// The keys of the restaurant, one a row; on a phone one a card.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import styles from "./api-keys.module.css";
import type { ApiKey, ApiKeys } from "./queries";
import { Revoke } from "./Revoke";
import { byPart, useScopeWords } from "./scopes";
import { useQuota } from "./useQuota";

/** More than these are counted, and listed when asked for. */
const SCOPES_SHOWN_MAX = 3;
const MINUTE_MS = 60_000;
const NOW_EVERY_MS = 15_000;

const tones: Record<ApiKey["standing"], Tone> = { works: "ok", ended: "mute", maker_left: "bad" };

/** `ahead_ms`: how far the clock of this device is ahead of the engine's. */
export function KeyTable({ keys, ahead_ms }: { keys: ApiKeys; ahead_ms: number }) {
  const { t } = useTranslation("api-keys");
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const now_ms = useNow(NOW_EVERY_MS) - ahead_ms;
  return (
    <Panel title={t("keys")} note={t("count", { count: keys.items.length })}>
      <table className={`${styles.table} num`}>
        <thead>
          <tr>
            <th scope="col">{t("column.key")}</th>
            <th scope="col">{t("column.may")}</th>
            <th scope="col">{t("column.tier")}</th>
            <th scope="col">{t("column.made")}</th>
            <th scope="col">{t("column.ends")}</th>
            <th scope="col">{t("column.used")}</th>
            <th scope="col">{t("column.standing")}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {keys.items.map((key) => (
            <Row key={key.id} of={key} keys={keys} now_ms={now_ms} onRevoke={() => setLeaving(key)} />
          ))}
        </tbody>
      </table>
      {leaving !== null && <Revoke of={leaving} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}

function Row(props: { of: ApiKey; keys: ApiKeys; now_ms: number; onRevoke: () => void }) {
  const { of, keys } = props;
  const { t } = useTranslation("api-keys");
  const { date, span } = useFormat();
  const quota = useQuota();
  const tier = keys.tiers.find((one) => one.tier === of.tier);
  const silent_ms = props.now_ms - (of.used_ms ?? 0);
  return (
    <tr>
      <th scope="row">
        {of.name}
        <code>{t("hint", { hint: of.hint })}</code>
      </th>
      <td className={styles.may} data-column={t("column.may")}>
        <Scopes of={of} total={keys.scopes.length} />
      </td>
      <td data-column={t("column.tier")}>
        {t(`tier.${of.tier}`)}
        {tier !== undefined && <small>{quota(tier)}</small>}
      </td>
      <td data-column={t("column.made")}>
        {date(of.made_ms)}
        {of.made_by !== "" && <small>{t("by", { name: of.made_by })}</small>}
      </td>
      <td data-column={t("column.ends")}>{of.expires_ms == null ? t("endless") : date(of.expires_ms)}</td>
      <td data-column={t("column.used")}>
        {of.used_ms == null
          ? t("used.never")
          : silent_ms < MINUTE_MS
            ? t("used.now")
            : t("used.ago", { span: span(silent_ms) })}
      </td>
      <td data-column={t("column.standing")}>
        <Pill tone={tones[of.standing]}>{t(`standing.${of.standing}`)}</Pill>
      </td>
      <td>
        <Button
          size="compact-sm"
          variant="subtle"
          color="bad"
          aria-label={t("revokeOne", { name: of.name })}
          onClick={props.onRevoke}
        >
          {t("revoke")}
        </Button>
      </td>
    </tr>
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
