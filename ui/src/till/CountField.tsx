// What lies in a drawer: typed as a sum, or counted by coins and notes, which add up by themselves.
import { NumberInput, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurant } from "../app/queries";
import { useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { denominations, type Pieces, sumOf } from "./denominations";
import styles from "./till.module.css";

const PIECES_MAX = 100_000;

export interface Counted {
  minor: number;
  /** Empty: the sum was typed. */
  counts: Pieces[];
}

export function CountField(props: {
  label: string;
  description: string;
  value: Counted | null;
  onChange: (value: Counted | null) => void;
  error?: string | undefined;
}) {
  const { t } = useTranslation("till");
  const { money, currency, exponent } = useFormat();
  const restaurant = useRestaurant();
  const { value, onChange } = props;
  const [way, setWay] = useState<"sum" | "pieces">((value?.counts.length ?? 0) > 0 ? "pieces" : "sum");
  const kinds = denominations(currency, exponent, restaurant?.cash_rounding_minor ?? 0);
  const counts = value?.counts ?? [];
  const countOf = (kind: number) => counts.find((one) => one.value_minor === kind)?.count ?? 0;
  const put = (kind: number, count: number) => {
    const next = kinds
      .map((value_minor) => ({ value_minor, count: value_minor === kind ? count : countOf(value_minor) }))
      .filter((one) => one.count > 0);
    onChange(next.length === 0 ? null : { minor: sumOf(next), counts: next });
  };
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label={t("pieces.way")}
        value={way}
        onChange={(picked) => {
          const next = picked === "pieces" ? "pieces" : "sum";
          setWay(next);
          // The sum of what was counted stays; a typed sum says nothing about coins.
          onChange(next === "sum" && value !== null ? { minor: value.minor, counts: [] } : null);
        }}
        data={[
          { value: "sum", label: t("pieces.sum") },
          { value: "pieces", label: t("pieces.pieces") },
        ]}
      />
      {way === "sum" ? (
        <MoneyInput
          data-autofocus
          size="md"
          label={props.label}
          description={props.description}
          value={value?.minor ?? null}
          onChange={(minor) => onChange(minor === null ? null : { minor, counts: [] })}
          error={props.error}
        />
      ) : (
        <div role="group" aria-label={props.label}>
          <ul className={`${styles.pieces} num`}>
            {kinds.map((kind) => (
              <li key={kind}>
                <label htmlFor={`kind-${kind}`}>{money(kind)}</label>
                <NumberInput
                  id={`kind-${kind}`}
                  size="sm"
                  w={96}
                  min={0}
                  max={PIECES_MAX}
                  allowDecimal={false}
                  allowNegative={false}
                  clampBehavior="strict"
                  hideControls
                  placeholder="0"
                  value={countOf(kind) === 0 ? "" : countOf(kind)}
                  onChange={(count) => put(kind, typeof count === "number" ? count : 0)}
                  onKeyDown={(event) => {
                    // Enter goes on to the next kind; only the button says that the count is done.
                    if (event.key !== "Enter") return;
                    event.preventDefault();
                    const fields = [...(event.currentTarget.closest("ul")?.querySelectorAll("input") ?? [])];
                    const next = fields[fields.indexOf(event.currentTarget) + 1];
                    if (next !== undefined) next.select();
                    else event.currentTarget.form?.querySelector<HTMLElement>("[type=submit]")?.focus();
                  }}
                />
                <span>{countOf(kind) === 0 ? "" : money(kind * countOf(kind))}</span>
              </li>
            ))}
          </ul>
          <p className={`${styles.piecesSum} num`} role="status">
            <span>{t("pieces.together")}</span>
            <b>{money(value?.minor ?? 0)}</b>
          </p>
          {props.error !== undefined && <p className={styles.problem}>{props.error}</p>}
        </div>
      )}
    </>
  );
}
