import { ActionIcon } from "@mantine/core";
import { IconAlertTriangle, IconFilter } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../api/types";
import { useActionName } from "../kit/actionName";
import { useFormat } from "../kit/format";
import { Pill } from "../kit/Pill";
import styles from "./audit.module.css";
import { useColumnName } from "./words";

export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  const { time } = useFormat();
  const actionName = useActionName();
  const [isOpen, setOpen] = useState(false);
  const isRefused = entry.outcome === "refused";
  const { about } = entry;
  const isOrder = about?.table === "orders";
  return (
    <li className={styles.row} data-refused={isRefused ? "" : undefined}>
      <time className="num">{time(entry.at_ms)}</time>
      <div className={styles.what}>
        <p>
          {isRefused && <IconAlertTriangle size={14} aria-hidden />}
          <b>{entry.actor_name || t("nobody")}</b>{" "}
          {isOrder || about?.name != null ? actionName(entry.action) : alone(actionName(entry.action))}
          {about != null &&
            (isOrder ? (
              <Link to="/orders" search={{ order: about.id }}>
                {about.name ?? t("gone")}
              </Link>
            ) : (
              about.name != null && <span>{about.name}</span>
            ))}
          {isRefused && <Pill tone="warn">{t("refused")}</Pill>}
        </p>
        {entry.refusal != null && <p className={styles.why}>{entry.refusal}</p>}
        {entry.changes.length > 0 && (
          // An import changes thousands of things: they are drawn when somebody opens them.
          <details onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>{t("changes", { count: entry.changes_total })}</summary>
            {isOpen && <Changes entry={entry} />}
          </details>
        )}
      </div>
      {about != null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t("only", { name: about.name ?? about.table })}
          title={t("only", { name: about.name ?? about.table })}
          renderRoot={(props) => (
            <Link {...props} to="/audit" search={(now) => ({ ...now, thing: about.id })} />
          )}
        >
          <IconFilter size={15} />
        </ActionIcon>
      )}
      <code className="num" title={t("entry")}>
        {entry.entry}
      </code>
    </li>
  );
}

/** Words that wait for a name, when there is none to follow: "added a shift of …". */
const alone = (words: string) => words.replace(/:$/, "").replace(/ (of|de|a)$/, " $1 …");

type Columns = Record<string, unknown>;

function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  const columnName = useColumnName();
  return (
    <div className={styles.changes}>
      {entry.changes.map((change, index) => {
        const before = (change.before ?? {}) as Columns;
        const after = (change.after ?? {}) as Columns;
        const columns = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        return (
          <table key={index}>
            <caption>
              {change.table.replace(/_/g, " ")} · {t(`op.${change.op as "insert" | "update" | "delete"}`)}
            </caption>
            <thead>
              <tr>
                <th scope="col">{t("column")}</th>
                <th scope="col">{t("before")}</th>
                <th scope="col">{t("after")}</th>
              </tr>
            </thead>
            <tbody>
              {columns.map((column) => (
                <tr key={column}>
                  <th scope="row">{columnName(column)}</th>
                  <td className="num">
                    <Value column={column} value={before[column]} />
                  </td>
                  <td className="num">
                    <Value column={column} value={after[column]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        );
      })}
      {entry.changes_total > entry.changes.length && (
        <p className={styles.why}>
          {t("moreChanges", { count: entry.changes_total - entry.changes.length })}
        </p>
      )}
    </div>
  );
}

function Value(props: { column: string; value: unknown }) {
  const { money, quantity, dateTime, rate } = useFormat();
  const { column, value } = props;
  if (value === null || value === undefined || value === "") return <i aria-hidden>—</i>;
  if (typeof value !== "number") return <>{String(value)}</>;
  if (column.endsWith("_minor")) return <>{money(value)}</>;
  if (column.endsWith("_milli")) return <>{quantity(value)}</>;
  if (column.endsWith("_ms")) return <>{dateTime(value)}</>;
  if (column.endsWith("_bp")) return <>{rate(value)}</>;
  return <>{value}</>;
}
