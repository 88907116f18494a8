// Which table an order is for: any name may be typed; the floor's tables are offered with what goes on there.
import { Autocomplete, type AutocompleteProps, type ComboboxParsedItem } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { byName, nameKey } from "../floor/model";
import { useTables } from "../floor/queries";
import { toneOf } from "../floor/words";
import { Pill } from "../kit/Pill";
import styles from "./picker.module.css";

/** Names that begin with what was typed; nothing once it is one of them and no other can follow. */
function offered(options: ComboboxParsedItem[], typed: string): ComboboxParsedItem[] {
  const begun = options.filter((option) => "label" in option && nameKey(option.label).startsWith(typed));
  const [only] = begun;
  const isSaid = begun.length === 1 && only !== undefined && "label" in only && nameKey(only.label) === typed;
  return isSaid ? [] : begun;
}

export function TableField(props: Omit<AutocompleteProps, "data" | "filter" | "renderOption">) {
  const { t } = useTranslation(["orders", "floor"]);
  const tables = [...useTables()].sort(byName);
  return (
    <Autocomplete
      {...props}
      label={t("new.table")}
      placeholder={t("new.tableHint")}
      data={tables.map((table) => table.name)}
      // The name being typed is a whole one more often than a part of another.
      openOnFocus={false}
      filter={({ options, search }) => offered(options, nameKey(search))}
      renderOption={({ option }) => {
        const table = tables.find((each) => each.name === option.value);
        return (
          <span className={styles.offered}>
            <span>{option.value}</span>
            {table !== undefined && (
              <>
                <small>{t("floor:seats", { count: table.seats })}</small>
                <Pill tone={toneOf[table.state]}>{t(`floor:state.${table.state}`)}</Pill>
              </>
            )}
          </span>
        );
      }}
    />
  );
}
