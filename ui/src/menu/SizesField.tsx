// The sizes of an item in its form: name, price, whether it can be had, order.
import { ActionIcon, Button, Switch, TextInput } from "@mantine/core";
import { IconChevronUp, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MoneyInput } from "../kit/Money";
import type { VariantValues } from "./commands";
import styles from "./editor.module.css";
import { moved } from "./model";

export type SizeDraft = Omit<VariantValues, "price_minor"> & { key: number; price_minor: number | null };

export function SizesField(props: { sizes: SizeDraft[]; onChange: (sizes: SizeDraft[]) => void }) {
  const { t } = useTranslation("menu");
  const { sizes, onChange } = props;
  const set = (at: number, change: Partial<SizeDraft>) =>
    onChange(sizes.map((size, index) => (index === at ? { ...size, ...change } : size)));
  const add = () => onChange([...sizes, { key: Date.now(), name: "", price_minor: null, available: true }]);
  return (
    <fieldset className={styles.rows}>
      <legend>{t("sizes.title")}</legend>
      {sizes.length === 0 && <p className={styles.lite}>{t("sizes.none")}</p>}
      {sizes.map((size, at) => (
        <div key={size.key} className={styles.editRow}>
          <TextInput
            aria-label={t("sizes.name", { n: at + 1 })}
            placeholder={t("sizes.example")}
            maxLength={120}
            autoFocus={size.name === "" && at === sizes.length - 1}
            value={size.name}
            onChange={(event) => set(at, { name: event.currentTarget.value })}
          />
          <MoneyInput
            className={styles.money}
            aria-label={t("sizes.price", { name: size.name || at + 1 })}
            value={size.price_minor}
            onChange={(price_minor) => set(at, { price_minor })}
          />
          <Switch
            size="sm"
            color="accent"
            withThumbIndicator={false}
            checked={size.available}
            aria-label={t("availableOf", { name: size.name || at + 1 })}
            onChange={(event) => set(at, { available: event.currentTarget.checked })}
          />
          <RowTools
            name={size.name || String(at + 1)}
            isFirst={at === 0}
            onUp={() => onChange(moved(sizes, at, -1) ?? sizes)}
            onRemove={() => onChange(sizes.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
        {t("sizes.add")}
      </Button>
    </fieldset>
  );
}

export function RowTools(props: { name: string; isFirst: boolean; onUp: () => void; onRemove: () => void }) {
  const { t } = useTranslation("menu");
  return (
    <span className={styles.tools}>
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={props.isFirst}
        aria-label={t("category.up", { name: props.name })}
        onClick={props.onUp}
      >
        <IconChevronUp size={15} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("row.remove", { name: props.name })}
        onClick={props.onRemove}
      >
        <IconX size={15} />
      </ActionIcon>
    </span>
  );
}
