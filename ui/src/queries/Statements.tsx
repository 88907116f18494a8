// What was asked, the costliest first; a row opens to the whole statement and how it is run.
import { Checkbox } from "@mantine/core";
import { IconChevronRight, IconPlayerRecord } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { EmptyState } from "../kit/States";
import { Table } from "../kit/Table";
import styles from "./queries.module.css";
import type { PlanStep, Statement } from "./queries";
import { scanIn, scanOf } from "./scans";
import { asWritten, inOneLine } from "./sql";

const route = getRouteApi("/shell/engine/queries");

export function Statements({ of, isRecording }: { of: Statement[]; isRecording: boolean }) {
  const { t } = useTranslation("queries");
  const { count, took } = useFormat();
  const onlyScans = route.useSearch().show === "scans";
  const navigate = route.useNavigate();
  const wholeId = useId();
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
            <Table
              label={t("statements.title")}
              className={styles.statements}
              rows={shown}
              keyOf={(one) => one.sql}
              stacks
              columns={[
                {
                  head: t("statements.sql"),
                  cell: (one) => (
                    <Sql
                      of={one}
                      whole={open === one.sql ? wholeId : null}
                      onPress={() => setOpen(open === one.sql ? null : one.sql)}
                    />
                  ),
                },
                { head: t("statements.runs"), isNumber: true, cell: (one) => count(one.runs) },
                { head: t("statements.total"), isNumber: true, cell: (one) => took(one.total_ms * 1000) },
                { head: t("statements.slowest"), isNumber: true, cell: (one) => took(one.slowest_ms * 1000) },
              ]}
              below={(one) => one.sql === open && <Whole id={wholeId} of={one} />}
            />
          )}
        </>
      )}
    </Panel>
  );
}

/** `whole`: what it is open to. */
function Sql({ of, whole, onPress }: { of: Statement; whole: string | null; onPress: () => void }) {
  const { t } = useTranslation("queries");
  const scan = scanIn(of);
  return (
    <div className={styles.sql}>
      <button
        type="button"
        aria-expanded={whole !== null}
        aria-controls={whole ?? undefined}
        onClick={onPress}
      >
        <IconChevronRight size={14} aria-hidden />
        <code>{inOneLine(of.sql)}</code>
      </button>
      {scan !== "none" && <Pill tone={scan === "large" ? "warn" : "mute"}>{t("scan.short")}</Pill>}
    </div>
  );
}

function Whole({ id, of }: { id: string; of: Statement }) {
  const { t } = useTranslation("queries");
  return (
    <div id={id} className={styles.whole}>
      <pre tabIndex={0} role="region" aria-label={t("statements.whole")}>
        {asWritten(of.sql)}
      </pre>
      <Plan of={of.plan} />
    </div>
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
