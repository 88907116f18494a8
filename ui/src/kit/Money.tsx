// An amount in the restaurant's currency, and the field to type one into.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";
import { parseMoney, useFormat } from "./format";

export function Money(props: { minor: number }) {
  return <span className="num">{useFormat().money(props.minor)}</span>;
}

type MoneyInputProps = Omit<TextInputProps, "value" | "onChange" | "defaultValue"> & {
  /** Minor units; null while nothing readable is typed. */
  value: number | null;
  onChange: (minor: number | null) => void;
};

/** Keeps what was typed as typed ("12," is on the way to "12,50") and reports whole minor units. */
export function MoneyInput({ value, onChange, ...rest }: MoneyInputProps) {
  const { exponent, currency, moneyPlain } = useFormat();
  const [typed, setTyped] = useState<string | null>(null);
  // What is typed counts as long as it means the value; a value set from outside shows itself.
  const isOwn = typed !== null && parseMoney(typed, exponent) === value;
  const text = isOwn ? typed : value === null ? "" : moneyPlain(value);
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span style={{ fontSize: "var(--t-xs)", color: "var(--text-3)" }}>{currency}</span>}
      rightSectionWidth={48}
      {...rest}
      classNames={{ input: "num" }}
      value={text}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(parseMoney(event.currentTarget.value, exponent));
      }}
      onBlur={(event) => {
        if (value !== null) setTyped(null);
        rest.onBlur?.(event);
      }}
    />
  );
}
