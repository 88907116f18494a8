import { ActionIcon, Switch } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type CSSProperties, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuItem } from "../api/types";
import { useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { Pill } from "../kit/Pill";
import styles from "./menu.module.css";

export function ItemRow(props: {
  item: MenuItem;
  style: CSSProperties;
  isTabStop: boolean;
  isPricing: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onEdit: (() => void) | null;
  onToggle: (() => void) | null;
  onPrice: (on: boolean) => void;
  onNewPrice: (minor: number) => void;
}) {
  const { t } = useTranslation("menu");
  const { money, rate } = useFormat();
  const { item, onEdit, onToggle } = props;
  return (
    <div
      role="listitem"
      className={styles.row}
      style={props.style}
      data-item={item.id}
      data-gone={item.available ? undefined : ""}
      tabIndex={props.isTabStop ? 0 : -1}
      aria-label={`${item.name}, ${money(item.price_minor)}${item.available ? "" : `, ${t("soldOut")}`}`}
      onFocus={props.onFocus}
      onKeyDown={props.onKeyDown}
      onDoubleClick={onEdit ?? undefined}
    >
      <span className={styles.name}>
        <span>{item.name}</span>
        {!item.available && <Pill tone="warn">{t("soldOut")}</Pill>}
      </span>
      <span className={styles.lite}>{t(`station.${item.station}`)}</span>
      <span className={`${styles.lite} num`}>{rate(item.tax_rate_bp)}</span>
      {props.isPricing ? (
        <PriceField item={item} onDone={() => props.onPrice(false)} onNewPrice={props.onNewPrice} />
      ) : onEdit === null ? (
        <span className={`${styles.price} num`}>{money(item.price_minor)}</span>
      ) : (
        <button
          type="button"
          className={`${styles.price} num`}
          aria-label={t("priceOf", { name: item.name, price: money(item.price_minor) })}
          onClick={() => props.onPrice(true)}
        >
          {money(item.price_minor)}
        </button>
      )}
      <Switch
        size="sm"
        color="accent"
        withThumbIndicator={false}
        checked={item.available}
        disabled={onToggle === null}
        onChange={() => onToggle?.()}
        aria-label={t("availableOf", { name: item.name })}
      />
      {onEdit !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("item.edit", { name: item.name })}
          onClick={onEdit}
        >
          <IconPencil size={15} />
        </ActionIcon>
      )}
    </div>
  );
}

/** Enter keeps the new price, Escape the old one. */
function PriceField(props: { item: MenuItem; onDone: () => void; onNewPrice: (minor: number) => void }) {
  const { t } = useTranslation("menu");
  const [minor, setMinor] = useState<number | null>(props.item.price_minor);
  const isGood = minor !== null && minor >= 0;
  const keep = () => {
    if (isGood && minor !== props.item.price_minor) props.onNewPrice(minor);
    if (isGood) props.onDone();
  };
  return (
    <MoneyInput
      className={styles.priceField}
      size="xs"
      autoFocus
      aria-label={t("newPriceOf", { name: props.item.name })}
      value={minor}
      onChange={setMinor}
      error={!isGood}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={keep}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") keep();
        if (event.key === "Escape") props.onDone();
      }}
    />
  );
}
