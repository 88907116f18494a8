// Every Z there is, newest first.
import { IconChevronRight } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { More } from "../kit/More";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { zReportsQuery } from "./queries";
import styles from "./till.module.css";

export function Reports() {
  const { t } = useTranslation("till");
  const { money, day, dateTime } = useFormat();
  const query = useInfiniteQuery(zReportsQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={3} />}>
      {(data) => {
        const reports = data.pages.flatMap((page) => page.items);
        return (
          <Panel title={t("z.title")}>
            {reports.length === 0 ? (
              <p className={styles.says}>{t("z.none")}</p>
            ) : (
              <ul className={styles.reports}>
                {reports.map((report) => (
                  <li key={report.number}>
                    <Link to="/till/z/$number" params={{ number: String(report.number) }} className="num">
                      <b>{t("z.number", { number: report.number })}</b>
                      <span className={styles.reportDay}>
                        {day(report.business_date)}
                        <small>
                          {t("z.by", { name: report.closed_by_name, at: dateTime(report.closed_at_ms) })}
                        </small>
                      </span>
                      {report.over_short_minor !== 0 && (
                        <Pill tone={report.over_short_minor > 0 ? "info" : "bad"}>
                          {t(report.over_short_minor > 0 ? "z.over" : "z.short", {
                            amount: money(Math.abs(report.over_short_minor)),
                          })}
                        </Pill>
                      )}
                      <span className={styles.reportSum}>{money(report.gross_minor)}</span>
                      <IconChevronRight size={16} aria-hidden />
                    </Link>
                  </li>
                ))}
              </ul>
            )}
            <More of={query}>{t("z.more")}</More>
          </Panel>
        );
      }}
    </Answer>
  );
}
