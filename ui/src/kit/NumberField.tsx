// A number somebody types. What is out of its range stays as it was typed and is refused, never bent into it. Either
// decimal mark is one, typed or pasted.
import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "./format";
import { isWithin } from "./within";

type Props = NumberInputProps & { min: number; max: number };

/** What was copied from elsewhere, as a number of this field: "9,5", "9.5 %". Null: not one number. */
export function pasted(text: string): number | null {
  const found = /^\s*(-?\d+(?:[.,]\d+)?)\s*%?\s*$/.exec(text)?.[1];
  return found === undefined ? null : Number(found.replace(",", "."));
}

export function NumberField({ error, ...rest }: Props) {
  const { t } = useTranslation();
  const { count, decimal } = useFormat();
  const { value = "", min, max } = rest;
  const isOut = value !== "" && !isWithin(value, min, max);
  return (
    <NumberInput
      decimalSeparator={decimal}
      allowedDecimalSeparators={[".", ","]}
      {...rest}
      clampBehavior="none"
      error={isOut ? t("number.range", { min: count(min), max: count(max) }) : error}
      onPaste={(event) => {
        const number = pasted(event.clipboardData.getData("text"));
        if (rest.allowDecimal !== false && number !== null && !Number.isInteger(number)) {
          event.preventDefault();
          rest.onChange?.(number);
        }
        rest.onPaste?.(event);
      }}
    />
  );
}
