// The days as double entries, for the accountant: what the file holds, by account. Debits equal credits.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import type { Journal as JournalData } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import type { Range } from "./model";
import { fetchJournal, journalQuery } from "./queries";
import styles from "./reports.module.css";
import { ReportTable } from "./ReportTable";

interface Row {
  kind: JournalData["lines"][number]["kind"];
  account: string;
  tax_rate_bp: number | null;
  debit_minor: number;
  credit_minor: number;
}

/** The entries of all days, one row an account and rate. */
export function byAccount(lines: JournalData["lines"]): Row[] {
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const key = `${line.account} ${line.kind} ${line.tax_rate_bp ?? ""}`;
    const row = rows.get(key) ?? {
      kind: line.kind,
      account: line.account,
      tax_rate_bp: line.tax_rate_bp ?? null,
      debit_minor: 0,
      credit_minor: 0,
    };
    row.debit_minor += line.debit_minor;
    row.credit_minor += line.credit_minor;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => a.account.localeCompare(b.account, "en", { numeric: true }));
}

export function Journal(props: { range: Range }) {
  const { t } = useTranslation("reports");
  const { money, rate } = useFormat();
  const rid = useRestaurantId();
  const complain = useComplain();
  const [isBusy, setBusy] = useState(false);
  const query = useQuery(journalQuery(rid, props.range));
  const fetch = async () => {
    setBusy(true);
    try {
      await fetchJournal(rid, props.range);
    } catch (error) {
      complain(asApiError(error));
    } finally {
      setBusy(false);
    }
  };
  const sum = (minor: number) => (minor === 0 ? "–" : money(minor));
  return (
    <Panel title={t("journal.title")} note={t("journal.note")}>
      <Answer query={query} skeleton={<SkeletonRows rows={5} />}>
        {(journal) => (
          <>
            <ReportTable
              caption={t("journal.title")}
              rows={byAccount(journal.lines)}
              rowKey={(row) => `${row.account} ${row.kind} ${row.tax_rate_bp ?? ""}`}
              columns={[
                { head: t("journal.account"), cell: (row) => row.account, sum: () => t("journal.sum") },
                {
                  head: t("journal.what"),
                  cell: (row) =>
                    row.tax_rate_bp === null
                      ? t(`journal.kind.${row.kind}`)
                      : `${t(`journal.kind.${row.kind}`)} ${rate(row.tax_rate_bp)}`,
                },
                {
                  head: t("journal.debit"),
                  isNumber: true,
                  cell: (row) => sum(row.debit_minor),
                  sum: () => money(journal.debit_minor),
                },
                {
                  head: t("journal.credit"),
                  isNumber: true,
                  cell: (row) => sum(row.credit_minor),
                  sum: () => money(journal.credit_minor),
                },
              ]}
            />
            <div className={styles.journalFoot}>
              <p>{t("journal.text")}</p>
              <Button
                size="compact-md"
                variant="default"
                loading={isBusy}
                leftSection={<IconDownload size={15} aria-hidden />}
                onClick={() => void fetch()}
              >
                {t("journal.file")}
              </Button>
            </div>
          </>
        )}
      </Answer>
    </Panel>
  );
}
