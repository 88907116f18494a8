// Servers elsewhere that this computer asked: how each stands, and what to do about one that fails.
import { IconCloud } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { EmptyState } from "../kit/States";
import { Table } from "../kit/Table";
import { useNow } from "../kit/useNow";
import styles from "./outward.module.css";
import { type OutwardPlace, outwardQuery } from "./queries";
import { useReason } from "./useReason";

/** What the engine says of a place that is asked as often as one likes. */
const ANY_NUMBER = 2 ** 32 - 1;

/** Not yet so often in a row that it is left alone. */
type Standing = OutwardPlace["state"] | "falters";

const tones: Record<Standing, Tone> = { closed: "ok", falters: "warn", open: "bad", half_open: "bad" };

/** `ahead_ms`: how far the clock of this device is ahead of the engine's. */
export function Places({ ahead_ms }: { ahead_ms: number }) {
  const { t } = useTranslation("outward");
  const { data: places } = useQuery(outwardQuery);
  if (places === undefined) return null;
  return (
    <Panel title={t("title")} note={places.length > 0 ? t("since") : undefined}>
      {places.length === 0 ? (
        <EmptyState icon={IconCloud} title={t("none.title")} text={t("none.text")} />
      ) : (
        <Asked places={places} ahead_ms={ahead_ms} />
      )}
    </Panel>
  );
}

function Asked({ places, ahead_ms }: { places: OutwardPlace[]; ahead_ms: number }) {
  const { t } = useTranslation("outward");
  const { count, span } = useFormat();
  const now_ms = useNow() - ahead_ms;
  const why = useReason();
  const ago = (at_ms: number) => t("ago", { span: span(now_ms - at_ms) });
  const again = (until_ms: number) =>
    until_ms > now_ms ? t("again.in", { span: span(until_ms - now_ms) }) : t("again.next");
  return (
    <Table
      label={t("title")}
      rows={places}
      keyOf={(one) => `${one.service} ${one.place}`}
      stacks
      columns={[
        {
          head: t("what"),
          wraps: true,
          cell: (one) => (
            <>
              {t(`service.${one.service}`)}
              <small className={styles.place}>{one.place}</small>
            </>
          ),
        },
        {
          head: t("stands"),
          wraps: true,
          cell: (one) => (
            <>
              <Pill tone={tones[standing(one)]}>{t(`state.${standing(one)}`)}</Pill>
              {one.state !== "closed" && one.rests_until_ms != null && (
                <small>{again(one.rests_until_ms)}</small>
              )}
            </>
          ),
        },
        {
          head: t("answered"),
          cell: (one) => (one.last_good_ms == null ? t("never") : ago(one.last_good_ms)),
        },
        { head: t("calls"), isNumber: true, cell: (one) => count(one.calls) },
        {
          head: t("failed"),
          isNumber: true,
          cell: (one) => (
            <>
              {one.failed === 0 ? "–" : count(one.failed)}
              {one.last_bad_ms != null && standing(one) === "closed" && <small>{ago(one.last_bad_ms)}</small>}
            </>
          ),
        },
        {
          head: t("heldBack"),
          isNumber: true,
          cell: (one) => (one.held_back === 0 ? "–" : count(one.held_back)),
        },
        {
          head: t("underWay"),
          isNumber: true,
          cell: (one) => (
            <>
              {t("of", { part: count(one.under_way), whole: count(one.at_once_max) })}
              {one.a_minute_max < ANY_NUMBER && (
                <small>{t("aMinute", { requests: count(one.a_minute_max) })}</small>
              )}
            </>
          ),
        },
      ]}
      below={(one) =>
        standing(one) !== "closed" &&
        one.last_bad_ms != null &&
        one.last_reason != null && (
          <span className={styles.why}>
            {t("why", { ago: ago(one.last_bad_ms), reason: why(one.last_reason) })}
          </span>
        )
      }
    />
  );
}

function standing({ state, last_good_ms, last_bad_ms }: OutwardPlace): Standing {
  const isBad = last_bad_ms != null && last_bad_ms > (last_good_ms ?? 0);
  return state === "closed" && isBad ? "falters" : state;
}
