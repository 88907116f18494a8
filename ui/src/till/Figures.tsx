// The figures of an X or a Z.
import { useTranslation } from "react-i18next";
import type { Totals } from "../api/types";
import { useFormat } from "../kit/format";
import { Panel, Stat, Stats } from "../kit/Page";
import styles from "./till.module.css";

export function Figures(props: {
  totals: Totals;
  /** How it was paid is not shown, even where it is told: what was sold less what a card paid is the cash. */
  isBlind?: boolean;
}) {
  const { t } = useTranslation("till");
  const { money, rate, count } = useFormat();
  const { totals } = props;
  const isBlind = props.isBlind === true;
  const more = [
    { key: "voucher" as const, minor: isBlind ? 0 : (totals.voucher_minor ?? 0) },
    { key: "refunds" as const, minor: -totals.refunds.minor },
    { key: "discounts" as const, minor: totals.discounts_minor },
    { key: "comps" as const, minor: totals.comps_minor },
    { key: "serviceCharge" as const, minor: totals.service_charge_minor },
    { key: "payIns" as const, minor: totals.pay_ins_minor },
    { key: "payOuts" as const, minor: -totals.pay_outs_minor },
    { key: "drops" as const, minor: -totals.drops_minor },
    { key: "tipsAll" as const, minor: totals.tips_minor },
  ].filter(({ minor }) => minor !== 0);
  const sum = (minor: number | null | undefined) => (isBlind || minor == null ? "—" : money(minor));
  const taken = (note: string) => {
    if (isBlind) return t("x.hidden");
    return totals.refunds.count > 0 ? `${note} · ${t("x.afterRefunds")}` : note;
  };
  const row = (name: string, value: string, note?: string) => (
    <div key={name}>
      <dt>
        {name}
        {note !== undefined && <small>{note}</small>}
      </dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <div className={styles.figures}>
      <Stats>
        <Stat
          label={t("x.sold")}
          value={money(totals.gross_minor)}
          note={t("x.soldNote", { count: totals.orders })}
        />
        <Stat
          label={t("x.average")}
          value={money(totals.average_minor)}
          note={totals.covers > 0 ? t("x.covers", { count: totals.covers }) : t("x.noCovers")}
        />
        <Stat
          label={t("x.card")}
          value={sum(totals.card_minor)}
          note={taken(
            totals.tips_minor > 0 ? t("x.tips", { amount: money(totals.tips_minor) }) : t("x.noTips"),
          )}
        />
        <Stat
          label={t("x.cash")}
          value={sum(totals.cash_minor)}
          note={taken(
            totals.rounding_minor === 0
              ? t("x.noRounding")
              : t("x.rounding", { amount: money(totals.rounding_minor) }),
          )}
        />
      </Stats>
      <div className={styles.two}>
        <div className={styles.column}>
          <Panel title={t("x.taxes")}>
            <dl className={`${styles.rows} num`}>
              {totals.taxes.map((tax) =>
                row(
                  t("x.tax", { rate: rate(tax.rate_bp) }),
                  money(tax.tax_minor),
                  t("x.taxOn", { amount: money(tax.base_minor) }),
                ),
              )}
              {row(t("x.net"), money(totals.net_minor))}
              {row(t("x.gross"), money(totals.gross_minor))}
            </dl>
          </Panel>
          <Panel title={t("x.voids")}>
            <p className={`${styles.says} num`}>
              {totals.voids.count === 0
                ? t("x.noVoids")
                : t("x.voided", {
                    count: totals.voids.count,
                    amount: money(totals.voids.minor),
                    shown: count(totals.voids.count),
                  })}
            </p>
          </Panel>
        </div>
        <Panel title={t("x.more")}>
          <dl className={`${styles.rows} ${styles.plain} num`}>
            {more.map(({ key, minor }) => row(t(`x.${key}`), money(minor)))}
            {totals.refunds.taxes.map((tax) =>
              row(t("x.taxBack", { rate: rate(tax.rate_bp) }), money(-tax.tax_minor)),
            )}
            {totals.tips_by.map((person) =>
              row(t("x.tipsOf", { name: person.name }), money(person.tips_minor)),
            )}
          </dl>
          {more.length === 0 && <p className={styles.says}>{t("x.noMore")}</p>}
        </Panel>
      </div>
    </div>
  );
}
