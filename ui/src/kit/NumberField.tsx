// A number somebody types. What is out of its range stays as it was typed and is refused, never bent into it.
import { NumberInput, type NumberInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "./format";
import { isWithin } from "./within";

type Props = NumberInputProps & { min: number; max: number };

export function NumberField({ error, ...rest }: Props) {
  const { t } = useTranslation();
  const { count } = useFormat();
  const { value = "", min, max } = rest;
  const isOut = value !== "" && !isWithin(value, min, max);
  return (
    <NumberInput
      {...rest}
      clampBehavior="none"
      error={isOut ? t("number.range", { min: count(min), max: count(max) }) : error}
    />
  );
}
