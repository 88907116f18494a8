// The three panels below the day's sum: what sold, the days before, how it was paid.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Today, Totals } from "../api/types";
import { useFormat } from "../kit/format";
import styles from "./today.module.css";

/** As many as fit beside the other panels. */
const ITEMS_SHOWN = 7;

export function TopItems({ items }: { items: Today["top_items"] }) {
  const { t } = useTranslation("today");
  const { money, quantity } = useFormat();
  if (items.length === 0) return <p className={styles.quiet}>{t("items.none")}</p>;
  const most = Math.max(1, ...items.map((item) => item.gross_minor));
  return (
    <ol className={styles.list}>
      {items.slice(0, ITEMS_SHOWN).map((item) => (
        <li key={item.name}>
          <span className={styles.name}>{item.name}</span>
          <span className="num">{quantity(item.quantity_milli)}</span>
          <span className={`${styles.lite} num`}>{money(item.gross_minor)}</span>
          <i className={styles.track}>
            <i style={{ width: `${(100 * item.gross_minor) / most}%` }} />
          </i>
        </li>
      ))}
    </ol>
  );
}

export function LastDays({ days }: { days: Today["last_days"] }) {
  const { t } = useTranslation("today");
  const { money, day, count } = useFormat();
  if (days.length === 0) return <p className={styles.quiet}>{t("days.none")}</p>;
  const most = Math.max(1, ...days.map((one) => one.gross_minor));
  const newestFirst = [...days]
    .sort((a, b) => b.business_date.localeCompare(a.business_date))
    .slice(0, ITEMS_SHOWN);
  return (
    <ol className={styles.list}>
      {newestFirst.map((one) => (
        <li key={one.business_date}>
          <span className={styles.name}>{day(one.business_date)}</span>
          <span className="num" title={t("checks", { count: one.orders })}>
            {count(one.orders)}
          </span>
          <span className={`${styles.lite} num`}>{money(one.gross_minor)}</span>
          <i className={styles.track} data-calm>
            <i style={{ width: `${(100 * one.gross_minor) / most}%` }} />
          </i>
        </li>
      ))}
    </ol>
  );
}

export function Tenders({ totals }: { totals: Totals }) {
  const { t } = useTranslation("today");
  const { money, percent, rate } = useFormat();
  const kinds = [
    { key: "card", minor: totals.card_minor ?? 0 },
    { key: "cash", minor: totals.cash_minor ?? 0 },
    { key: "voucher", minor: totals.voucher_minor ?? 0 },
  ] as const;
  // What went out, as cash for a card, is no share of what came in.
  const taken = kinds.reduce((sum, { minor }) => sum + Math.max(0, minor), 0);
  // Vouchers are shown where there are any.
  const shown = kinds.filter(({ key, minor }) => key !== "voucher" || minor !== 0);
  return (
    <>
      {totals.cash_minor == null ? (
        <p className={styles.quiet}>{t("paid.hidden")}</p>
      ) : kinds.every(({ minor }) => minor === 0) ? (
        <p className={styles.quiet}>{t("paid.none")}</p>
      ) : (
        <>
          <div className={styles.split} aria-hidden>
            {shown.map(({ key, minor }) => (
              <i key={key} data-key={key} style={{ flexGrow: Math.max(0, minor) }} />
            ))}
          </div>
          <dl className={`${styles.pairs} num`}>
            {shown.map(({ key, minor }) => (
              <div key={key} data-key={key}>
                <dt>{t(`paid.${key}`, { share: percent(taken === 0 ? 0 : Math.max(0, minor) / taken) })}</dt>
                <dd>{money(minor)}</dd>
              </div>
            ))}
            {totals.rounding_minor !== 0 && (
              <div>
                <dt>{t("paid.rounding")}</dt>
                <dd>{money(totals.rounding_minor)}</dd>
              </div>
            )}
          </dl>
        </>
      )}
      {totals.taxes.length > 0 && (
        <>
          <h3 className={styles.minor}>{t("tax.title")}</h3>
          <dl className={`${styles.pairs} num`}>
            {totals.taxes.map((tax) => (
              <div key={tax.rate_bp}>
                <dt>{t("tax.line", { rate: rate(tax.rate_bp), base: money(tax.base_minor) })}</dt>
                <dd>{money(tax.tax_minor)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

/** Card payments nobody knows the outcome of: each leads to its order. */
export function WaitingCards({ payments }: { payments: Today["pending_payments"] }) {
  const { t } = useTranslation("today");
  const { money, time } = useFormat();
  return (
    <section className={styles.waiting} aria-label={t("waiting.title")}>
      <b>{t("waiting.text", { count: payments.length })}</b>
      <ul>
        {payments.map((one) => (
          <li key={`${one.order_id}-${one.begun_at_ms}`} className="num">
            <Link to="/orders" search={{ order: one.order_id }}>
              {t("waiting.one", {
                number: one.number,
                amount: money(one.amount_minor),
                time: time(one.begun_at_ms),
              })}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
