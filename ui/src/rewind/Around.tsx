// What had happened last at a moment and what came next, each a moment of its own.
import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useActionName } from "../kit/actionName";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { SkeletonRows } from "../kit/Skeletons";
import { aroundQuery } from "./queries";
import styles from "./rewind.module.css";

export function Around(props: { at_ms: number; onPick: (at_ms: number) => void }) {
  const { t } = useTranslation("rewind");
  const query = useQuery(aroundQuery(useRestaurantId(), props.at_ms));
  return (
    <Answer query={query} skeleton={<SkeletonRows />}>
      {({ before, after }) => (
        <ol className={styles.around}>
          {after.map((entry) => (
            <Row key={entry.seq} entry={entry} isLater onPick={props.onPick} />
          ))}
          <li className={styles.here}>
            <span>{t("around.here")}</span>
          </li>
          {before.map((entry) => (
            <Row key={entry.seq} entry={entry} onPick={props.onPick} />
          ))}
          {before.length === 0 && <li className={styles.quiet}>{t("around.none")}</li>}
        </ol>
      )}
    </Answer>
  );
}

function Row(props: { entry: AuditEntry; isLater?: boolean; onPick: (at_ms: number) => void }) {
  const { entry } = props;
  const { t } = useTranslation("rewind");
  const { time } = useFormat();
  const actionName = useActionName();
  return (
    <li data-later={props.isLater === true ? "" : undefined}>
      <UnstyledButton
        className={styles.event}
        title={t("around.pick")}
        onClick={() => props.onPick(entry.at_ms)}
      >
        <time className="num">{time(entry.at_ms)}</time>
        <span>
          <b>{entry.actor_name || "Comanda"}</b> {actionName(entry.action)} {entry.about?.name ?? ""}
        </span>
      </UnstyledButton>
    </li>
  );
}
