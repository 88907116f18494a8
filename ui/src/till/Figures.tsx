// The figures of an X or a Z.
import { useTranslation } from "react-i18next";
import type { Totals } from "../api/types";
import { useFormat } from "../kit/format";
import { Panel, Stat, Stats } from "../kit/Page";
import styles from "./till.module.css";

export function Figures(props: { totals: Totals; hideCash?: boolean }) {
  const { t } = useTranslation("till");
  const { money, rate, count } = useFormat();
  const { totals } = props;
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
          value={money(totals.card_minor)}
          note={totals.tips_minor > 0 ? t("x.tips", { amount: money(totals.tips_minor) }) : t("x.noTips")}
        />
        <Stat
          label={t("x.cash")}
          value={props.hideCash === true ? "—" : money(totals.cash_minor)}
          note={
            props.hideCash === true
              ? t("x.cashHidden")
              : totals.rounding_minor === 0
                ? t("x.noRounding")
                : t("x.rounding", { amount: money(totals.rounding_minor) })
          }
        />
      </Stats>
      <div className={styles.two}>
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
    </div>
  );
}
