// What was asked, the costliest first; a row opens to the whole statement and how it is run.
import { Checkbox } from "@mantine/core";
import { IconChevronRight, IconPlayerRecord } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { Fragment, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { EmptyState } from "../kit/States";
import styles from "./queries.module.css";
import type { PlanStep, Statement } from "./queries";
import { scanIn, scanOf } from "./scans";
import { asWritten, inOneLine } from "./sql";

const route = getRouteApi("/shell/engine/queries");

export function Statements({ of, isRecording }: { of: Statement[]; isRecording: boolean }) {
  const { t } = useTranslation("queries");
  const onlyScans = route.useSearch().show === "scans";
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<string | null>(null);
  const shown = onlyScans ? of.filter((one) => scanIn(one) !== "none") : of;
  return (
    <Panel title={t("statements.title")} note={of.length > 0 && t("statements.count", { count: of.length })}>
      {of.length === 0 ? (
        <EmptyState
          icon={IconPlayerRecord}
          title={t(isRecording ? "empty.waiting" : "empty.title")}
          text={t(isRecording ? "empty.waitingText" : "empty.text")}
        />
      ) : (
        <>
          <div className={styles.filter}>
            <Checkbox
              size="sm"
              label={t("statements.onlyScans")}
              checked={onlyScans}
              onChange={(event) =>
                void navigate({
                  search: event.currentTarget.checked ? { show: "scans" } : {},
                  replace: true,
                })
              }
            />
            <span>{t("statements.unit")}</span>
          </div>
          {shown.length === 0 ? (
            <p className={styles.note}>{t("statements.noScans")}</p>
          ) : (
            <table className={`${styles.statements} num`}>
              <thead>
                <tr>
                  <th scope="col">{t("statements.sql")}</th>
                  <th scope="col">{t("statements.runs")}</th>
                  <th scope="col">{t("statements.total")}</th>
                  <th scope="col">{t("statements.slowest")}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((one) => (
                  <Row
                    key={one.sql}
                    of={one}
                    isOpen={open === one.sql}
                    onPress={() => setOpen(open === one.sql ? null : one.sql)}
                  />
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Panel>
  );
}

function Row({ of, isOpen, onPress }: { of: Statement; isOpen: boolean; onPress: () => void }) {
  const { t } = useTranslation("queries");
  const { count, took } = useFormat();
  const id = useId();
  const scan = scanIn(of);
  return (
    <Fragment>
      <tr data-open={isOpen || undefined}>
        <th scope="row">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={onPress}
          >
            <IconChevronRight size={14} aria-hidden />
            <code>{inOneLine(of.sql)}</code>
          </button>
          {scan !== "none" && <Pill tone={scan === "large" ? "warn" : "mute"}>{t("scan.short")}</Pill>}
        </th>
        <td data-column={t("statements.runs")}>{count(of.runs)}</td>
        <td data-column={t("statements.total")}>{took(of.total_ms * 1000)}</td>
        <td data-column={t("statements.slowest")}>{took(of.slowest_ms * 1000)}</td>
      </tr>
      {isOpen && (
        <tr id={id} className={styles.whole}>
          <td colSpan={4}>
            <pre tabIndex={0} role="region" aria-label={t("statements.whole")}>
              {asWritten(of.sql)}
            </pre>
            <Plan of={of.plan} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Plan({ of }: { of: PlanStep[] }) {
  const { t } = useTranslation("queries");
  const { count } = useFormat();
  if (of.length === 0) return <p className={styles.note}>{t("plan.none")}</p>;
  return (
    <>
      <h3>{t("plan.title")}</h3>
      <ol className={styles.plan} aria-label={t("plan.title")}>
        {of.map((step, at) => {
          const scan = scanOf(step);
          return (
            <li key={at} style={{ paddingInlineStart: `calc(var(--s4) * ${step.depth})` }}>
              <code>{step.text}</code>
              {scan !== "none" && (
                <Pill tone={scan === "large" ? "warn" : "mute"}>
                  {step.rows == null
                    ? t("scan.uncounted")
                    : t("scan.rows", { count: step.rows, rows: count(step.rows) })}
                </Pill>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}
