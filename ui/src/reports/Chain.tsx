// What all of one's restaurants sold on the same days: the sum of each currency first, then restaurant by restaurant.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Branch, CurrencySales } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { makeFormat, useFormat } from "../kit/format";
import { Hero } from "../kit/Hero";
import { PageBody, Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { Table } from "../kit/Table";
import { aheadOf, type Range } from "./model";
import { chainQuery } from "./queries";
import { ReportsSkeleton } from "./ReportsSkeleton";
import styles from "./reports.module.css";

/** Money of a restaurant that may not be the one in view. */
function useMoney() {
  const { i18n } = useTranslation();
  return (minor: number, { currency, exponent }: { currency: string; exponent: number }) =>
    makeFormat({ locale: i18n.language, currency, exponent, time_zone: "UTC" }).money(minor);
}

export function Chain({ range, today }: { range: Range; today: string }) {
  return (
    <Answer query={useQuery(chainQuery(useRestaurantId(), range))} skeleton={<ReportsSkeleton bodyOnly />}>
      {(sales) => (
        <PageBody>
          {sales.sums.map((sum) => (
            <Sum
              key={sum.currency}
              sum={sum}
              parts={sales.restaurants.filter((one) => one.currency === sum.currency)}
              isRunning={range.to >= today}
            />
          ))}
        </PageBody>
      )}
    </Answer>
  );
}

function Sum(props: { sum: CurrencySales; parts: Branch[]; isRunning: boolean }) {
  const { t } = useTranslation("reports");
  const { percent } = useFormat();
  const money = useMoney();
  const { sum, isRunning } = props;
  const parts = [...props.parts].sort((a, b) => b.gross_minor - a.gross_minor);
  const ahead = isRunning ? null : aheadOf(sum.gross_minor, sum.before_minor);
  const title = t("chain.sales", { currency: sum.currency });
  return (
    <>
      <Hero
        label={title}
        sum={
          <>
            <small>{title}</small>
            <b className="num">{money(sum.gross_minor, sum)}</b>
            {ahead !== null && (
              <Pill tone={ahead >= 0 ? "ok" : "warn"}>
                {t(ahead >= 0 ? "ahead" : "behind", { share: percent(Math.abs(ahead)) })}
              </Pill>
            )}
            <p className="num">
              {t("chain.sentence", {
                checks: t("checks", { count: sum.orders }),
                restaurants: t("chain.restaurants", { count: sum.restaurants }),
              })}{" "}
              {sum.before_minor === 0
                ? t("noBefore")
                : t("chain.before", { money: money(sum.before_minor, sum) })}
            </p>
          </>
        }
      >
        <ul className={styles.parts} aria-label={t("chain.shares")}>
          {parts.map((part) => {
            const share = sum.gross_minor === 0 ? 0 : part.gross_minor / sum.gross_minor;
            return (
              <li key={part.restaurant_id}>
                <span>{part.name}</span>
                <i aria-hidden>
                  <i style={{ width: `${share * 100}%` }} />
                </i>
                <b className="num">{percent(Math.round(share * 1000) / 1000)}</b>
              </li>
            );
          })}
        </ul>
      </Hero>
      <Panel>
        <Table<Branch>
          label={t("chain.table", { currency: sum.currency })}
          rows={parts}
          keyOf={(row) => row.restaurant_id}
          columns={columnsOf()}
        />
      </Panel>
    </>
  );

  function columnsOf() {
    const amount = (
      head: string,
      key:
        | "gross_minor"
        | "before_minor"
        | "net_minor"
        | "tax_minor"
        | "discounts_minor"
        | "refunds_minor"
        | "tips_minor",
    ) => ({
      head,
      isNumber: true,
      cell: (row: Branch) => money(row[key], row),
      foot: money(sum[key], sum),
    });
    return [
      { head: t("chain.restaurant"), cell: (row: Branch) => row.name, foot: t("chain.together") },
      {
        head: t("col.orders"),
        isNumber: true,
        cell: (row: Branch) => String(row.orders),
        foot: String(sum.orders),
      },
      amount(t("col.gross"), "gross_minor"),
      amount(t("chain.colBefore"), "before_minor"),
      {
        head: t("col.average"),
        isNumber: true,
        cell: (row: Branch) => (row.average_minor == null ? "–" : money(row.average_minor, row)),
        foot: sum.average_minor == null ? "–" : money(sum.average_minor, sum),
      },
      amount(t("col.net"), "net_minor"),
      amount(t("col.tax"), "tax_minor"),
      amount(t("col.discounts"), "discounts_minor"),
      amount(t("col.refunds"), "refunds_minor"),
      amount(t("col.tips"), "tips_minor"),
    ];
  }
}
