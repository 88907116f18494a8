// The rows. Arrow keys walk them and with Alt move them, Enter opens, P changes the price in place, 8 marks sold
// out ("86") or back, 9 counts portions down.
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconSearchOff } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Menu, MenuItem, MenuNow } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { useKeys } from "../kit/keys";
import { EmptyState } from "../kit/States";
import { useChangeItem } from "./commands";
import { CountdownForm } from "./CountdownForm";
import { ItemRow } from "./ItemRow";
import styles from "./menu.module.css";
import { madeAt, moved, rowsOf } from "./model";
import { useArrange } from "./moreCommands";
import { imageUrl } from "./queries";
import { stationsQuery } from "../settings/queries";

const ROW_PX = 45;
const HEAD_PX = 41;

export function ItemList(props: {
  menu: Menu;
  now: MenuNow | undefined;
  category: string | undefined;
  q: string | undefined;
  focused: string | undefined;
  onEdit: ((item: MenuItem) => void) | null;
  canToggle: boolean;
}) {
  const { t } = useTranslation("menu");
  const { menu, category, q, focused, onEdit, canToggle } = props;
  const rows = useMemo(() => rowsOf(menu, { category, q }), [menu, category, q]);
  const change = useChangeItem();
  const arrange = useArrange();
  const rid = useRestaurantId();
  const stations = useQuery({ ...stationsQuery(rid), enabled: useMay()("kitchen.read") }).data?.items;
  const [counting, setCounting] = useState<MenuItem | null>(null);
  const left = useMemo(
    () => new Map(props.now?.countdowns.map((one) => [one.item_id, one.left])),
    [props.now],
  );
  const pricesNow = useMemo(
    () =>
      new Map<string, number>(
        props.now?.prices.flatMap((one) => (one.variant_id == null ? [[one.item_id, one.price_minor]] : [])),
      ),
    [props.now],
  );
  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [active, setActive] = useState<string | null>(null);
  const [pricing, setPricing] = useState<string | null>(null);
  const page = () => document.getElementById("page");

  // How far the list stands below the top of the scrolled page.
  useLayoutEffect(() => {
    const box = list.current?.getBoundingClientRect();
    const frame = page();
    if (box !== undefined && frame !== null)
      setMargin(box.top - frame.getBoundingClientRect().top + frame.scrollTop);
  }, [rows.length === 0]); // eslint-disable-line react-hooks/exhaustive-deps

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: page,
    estimateSize: (index) => (rows[index]?.kind === "category" ? HEAD_PX : ROW_PX),
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : row.kind === "item" ? row.item.id : `${row.kind}-${row.category.id}`;
    },
    scrollMargin: margin,
    overscan: 10,
  });

  const focusRow = (id: string) => {
    const index = rows.findIndex((row) => row.kind === "item" && row.item.id === id);
    if (index === -1) return;
    setActive(id);
    virtual.scrollToIndex(index, { align: "auto" });
    // The row may first have to be drawn.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-item="${id}"]`)?.focus()),
    );
  };

  useEffect(() => {
    if (focused !== undefined) focusRow(focused);
    // Only when the address names another item.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [focused]);

  const ids = rows.flatMap((row) => (row.kind === "item" ? [row.item.id] : []));
  const toggle = (item: MenuItem) => change.mutate({ id: item.id, available: !item.available });
  const activeItem = rows.find((row) => row.kind === "item" && row.item.id === active);
  const step = (from: string, by: number) => {
    const next = ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(from) + by))];
    if (next !== undefined) focusRow(next);
  };

  useKeys([
    {
      keys: "j",
      label: t("key.down"),
      group: t("title"),
      run: () => (active === null ? ids[0] !== undefined && focusRow(ids[0]) : step(active, 1)),
    },
    { keys: "k", label: t("key.up"), group: t("title"), run: () => active !== null && step(active, -1) },
    ...(canToggle
      ? [
          {
            keys: "8",
            label: t("key.soldOut"),
            group: t("title"),
            run: () => activeItem?.kind === "item" && toggle(activeItem.item),
          },
          {
            keys: "9",
            label: t("key.countdown"),
            group: t("title"),
            run: () => activeItem?.kind === "item" && setCounting(activeItem.item),
          },
        ]
      : []),
    ...(onEdit !== null
      ? [
          {
            keys: "p",
            label: t("key.price"),
            group: t("title"),
            run: () => active !== null && setPricing(active),
          },
        ]
      : []),
  ]);

  /** One place down or up within its category. */
  const shift = (item: MenuItem, by: number) => {
    const items = menu.categories.find((one) => one.id === item.category_id)?.items ?? [];
    const order = moved(
      items.map((one) => one.id),
      items.findIndex((one) => one.id === item.id),
      by,
    );
    if (order !== null) arrange.mutate({ item_ids: order });
  };

  const onRowKey = (event: KeyboardEvent, item: MenuItem) => {
    if (event.target !== event.currentTarget) return;
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (onEdit !== null && (q ?? "") === "") shift(item, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowDown") step(item.id, 1);
    else if (event.key === "ArrowUp") step(item.id, -1);
    else if (event.key === "Enter" && onEdit !== null) onEdit(item);
    else return;
    event.preventDefault();
  };

  if (rows.length === 0)
    return (
      <EmptyState icon={IconSearchOff} title={t("nothing.title", { q: q ?? "" })} text={t("nothing.text")} />
    );
  return (
    <div
      ref={list}
      className={styles.list}
      role="list"
      aria-label={t("list")}
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map((place) => {
        const row = rows[place.index];
        if (row === undefined) return null;
        const style = { transform: `translateY(${place.start - margin}px)`, height: place.size };
        if (row.kind === "category") {
          return (
            <div key={place.key} role="listitem" className={styles.heading} style={style}>
              <h2>{row.category.name}</h2>
            </div>
          );
        }
        if (row.kind === "none") {
          return (
            <div key={place.key} role="listitem" className={styles.none} style={style}>
              {t("category.empty")}
            </div>
          );
        }
        return (
          <ItemRow
            key={place.key}
            style={style}
            item={row.item}
            left={left.get(row.item.id) ?? null}
            madeAt={stations === undefined ? null : madeAt(stations, row.item)}
            priceNow={pricesNow.get(row.item.id) ?? null}
            imageUrl={
              row.item.image == null || props.now === undefined
                ? null
                : imageUrl(rid, row.item.image, props.now.image_key)
            }
            isTabStop={active === row.item.id || (active === null && ids[0] === row.item.id)}
            isPricing={pricing === row.item.id}
            onFocus={() => setActive(row.item.id)}
            onKeyDown={(event) => onRowKey(event, row.item)}
            onEdit={onEdit === null ? null : () => onEdit(row.item)}
            onToggle={canToggle ? () => toggle(row.item) : null}
            onCountdown={canToggle ? () => setCounting(row.item) : null}
            onPrice={(on) => {
              setPricing(on ? row.item.id : null);
              if (!on) focusRow(row.item.id);
            }}
            onNewPrice={(price_minor) => change.mutate({ id: row.item.id, price_minor })}
          />
        );
      })}
      {counting !== null && (
        <CountdownForm
          key={counting.id}
          item={counting}
          left={left.get(counting.id) ?? null}
          onClose={() => {
            setCounting(null);
            focusRow(counting.id);
          }}
        />
      )}
    </div>
  );
}
