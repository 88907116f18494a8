// One select a thing, with the first values of the chosen column beside it.
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportMapping } from "../api/types";
import styles from "./imports.module.css";
import { ABSENT, type Field, fields, needed, samplesOf } from "./mapping";

/** A choice needs a value of its own, which no column of a file has. */
const NOT_THERE = "\u0000";

export function Columns(props: {
  columns: string[];
  sample: string[][];
  mapping: ImportMapping;
  onChange: (field: Field, column: string | null) => void;
}) {
  const { t } = useTranslation("imports");
  const { mapping } = props;
  return (
    <ul className={styles.columns}>
      {fields.map((field) => {
        const column = mapping[field] ?? null;
        const samples = samplesOf(props.columns, props.sample, column);
        return (
          <li key={field}>
            <span id={`field-${field}`}>
              {t(`field.${field}`)}
              <small>
                {needed.has(field) ? t("columns.needed") : t(`fieldWhy.${field as OptionalField}`)}
              </small>
            </span>
            <Select
              aria-labelledby={`field-${field}`}
              placeholder={t("columns.choose")}
              data={
                needed.has(field)
                  ? props.columns
                  : [{ value: NOT_THERE, label: t("columns.none") }, ...props.columns]
              }
              value={needed.has(field) ? column : column === null || column === ABSENT ? NOT_THERE : column}
              allowDeselect={false}
              error={needed.has(field) && column === null}
              onChange={(next) => props.onChange(field, next === NOT_THERE ? ABSENT : next)}
            />
            <span className={`${styles.samples} num`}>{samples.join(" · ")}</span>
          </li>
        );
      })}
    </ul>
  );
}

type OptionalField = Exclude<Field, "order_id" | "date" | "item" | "price">;
