// An amount in the restaurant's currency, and the field to type one into.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isAmount, parseMoney, useFormat } from "./format";

export function Money(props: { minor: number }) {
  return <span className="num">{useFormat().money(props.minor)}</span>;
}

type MoneyInputProps = Omit<TextInputProps, "value" | "onChange" | "defaultValue"> & {
  /** Minor units, never less than nothing; null while it is empty, NaN while what stands there is no amount. */
  value: number | null;
  onChange: (minor: number | null) => void;
};

function meant(typed: string, exponent: number, decimal: "." | ","): number | null {
  if (typed.trim() === "") return null;
  const minor = parseMoney(typed, exponent, decimal);
  return minor === null || minor < 0 ? NaN : minor;
}

/**
 * Keeps what was typed as typed ("12," is on the way to "12,50") and reports whole minor units. What it cannot read
 * it says itself; `isAmount` tells whoever sends the form.
 */
export function MoneyInput({ value, onChange, error, ...rest }: MoneyInputProps) {
  const { t } = useTranslation();
  const { exponent, currency, decimal, moneyPlain } = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  // What is typed counts as long as it means the value; a value set from outside shows itself.
  const isOwn = typed !== null && Object.is(meant(typed, exponent, decimal), value);
  const text = isOwn ? typed : isAmount(value) ? moneyPlain(value).replace(".", decimal) : "";
  const isUnread = isOwn && Number.isNaN(value);
  const minor = isUnread ? parseMoney(typed, exponent, decimal) : null;
  // A form that kept what could not be read shows an empty field when it comes back, and means that.
  const isLeft = Number.isNaN(value) && !isOwn;
  useEffect(() => {
    if (isLeft) onChange(null);
  }, [isLeft, onChange]);
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span style={{ fontSize: "var(--t-xs)", color: "var(--text-3)" }}>{currency}</span>}
      rightSectionWidth={48}
      {...rest}
      error={isUnread ? t(minor === null ? "money.unread" : "money.negative") : error}
      classNames={{ input: "num" }}
      value={text}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(meant(event.currentTarget.value, exponent, decimal));
      }}
      onBlur={(event) => {
        if (isAmount(value)) setTyped(null);
        rest.onBlur?.(event);
      }}
    />
  );
}
