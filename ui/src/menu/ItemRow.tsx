import { ActionIcon, Switch } from "@mantine/core";
import { IconHourglassLow, IconPencil } from "@tabler/icons-react";
import { type CSSProperties, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuItem } from "../api/types";
import { isAmount, useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { Pill } from "../kit/Pill";
import styles from "./menu.module.css";
import { priceOf } from "./model";

export function ItemRow(props: {
  item: MenuItem;
  /** Portions left of what is counted down. */
  left: number | null;
  /** The station's own name; null: only the menu's word is known. */
  madeAt: string | null;
  /** What a price list says now. */
  priceNow: number | null;
  imageUrl: string | null;
  style: CSSProperties;
  isTabStop: boolean;
  isPricing: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onEdit: (() => void) | null;
  onToggle: (() => void) | null;
  onCountdown: (() => void) | null;
  onPrice: (on: boolean) => void;
  onNewPrice: (minor: number) => void;
}) {
  const { t } = useTranslation("menu");
  const { money, rate } = useFormat();
  const { item, left, onEdit, onToggle } = props;
  const price = priceOf(item);
  const isGone = !item.available || left === 0;
  const shown = price.isFrom ? t("priceFrom", { price: money(price.minor) }) : money(price.minor);
  return (
    <div
      role="listitem"
      className={styles.row}
      style={props.style}
      data-item={item.id}
      data-gone={isGone ? "" : undefined}
      tabIndex={props.isTabStop ? 0 : -1}
      aria-label={`${item.name}, ${shown}${isGone ? `, ${t("soldOut")}` : ""}`}
      onFocus={props.onFocus}
      onKeyDown={props.onKeyDown}
      onDoubleClick={onEdit ?? undefined}
    >
      <span className={styles.name}>
        {props.imageUrl !== null && (
          <img className={styles.thumb} src={props.imageUrl} alt="" loading="lazy" />
        )}
        <span>{item.name}</span>
        {isGone && <Pill tone="warn">{t("soldOut")}</Pill>}
        {item.variants.length > 0 && (
          <small className={styles.lite}>{t("sizes.count", { count: item.variants.length })}</small>
        )}
        {item.group_ids.length > 0 && (
          <small className={styles.lite}>{t("choices.count", { count: item.group_ids.length })}</small>
        )}
        {props.priceNow !== null && (
          <Pill tone="info">{t("nowPrice", { price: money(props.priceNow) })}</Pill>
        )}
        {left !== null && left > 0 && <Pill tone="accent">{t("left", { count: left })}</Pill>}
      </span>
      <span className={styles.lite}>{props.madeAt ?? t(`station.${item.station}`)}</span>
      <span className={`${styles.lite} num`}>{rate(item.tax_rate_bp)}</span>
      {props.isPricing ? (
        <PriceField item={item} onDone={() => props.onPrice(false)} onNewPrice={props.onNewPrice} />
      ) : onEdit === null || item.variants.length > 0 ? (
        <span className={`${styles.price} num`}>{shown}</span>
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
      {props.onCountdown !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("countdown.title", { name: item.name })}
          onClick={props.onCountdown}
        >
          <IconHourglassLow size={15} />
        </ActionIcon>
      )}
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
  const isGood = isAmount(minor);
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
