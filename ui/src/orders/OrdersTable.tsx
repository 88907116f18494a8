// Every order there ever was, newest first, filtered by state, business day and a few letters. Pages are fetched as
// one scrolls, and only the rows in sight are drawn.
import { CloseButton, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconReceiptOff, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OrderSummary } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useOrderName } from "../kit/orderName";
import { Pill, type Tone } from "../kit/Pill";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { orderListQuery } from "./queries";
import { useScreen } from "./screen";
import styles from "./table.module.css";

const ROW_PX = 44;
/** Rows from the end at which the next page is asked for. */
const AHEAD = 20;
const features = tableFeatures({});
const helper = createColumnHelper<typeof features, OrderSummary>();
const tones: Record<OrderSummary["state"], Tone> = { open: "info", completed: "ok", cancelled: "mute" };

export function OrdersTable() {
  const { t } = useTranslation("orders");
  const screen = useScreen();
  const rid = useRestaurantId();
  const [typed, setTyped] = useState(screen.q ?? "");
  const [wanted] = useDebouncedValue(typed.trim(), 200);
  useEffect(() => {
    if (wanted !== (screen.q ?? "")) screen.set({ q: wanted }, { replace: true });
    // The address follows the field, never the other way round.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
  const query = useInfiniteQuery(
    orderListQuery(rid, { state: screen.state, business_date: screen.date, q: screen.q }),
  );
  const isFiltered = screen.state !== undefined || screen.date !== undefined || screen.q !== undefined;
  return (
    <>
      <div className={styles.filters}>
        <TextInput
          className={styles.search}
          aria-label={t("table.search")}
          placeholder={t("table.search")}
          leftSection={<IconSearch size={16} />}
          rightSection={
            typed === "" ? null : (
              <CloseButton size="sm" aria-label={t("table.clear")} onClick={() => setTyped("")} />
            )
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Select
          className={styles.filter}
          aria-label={t("table.state")}
          value={screen.state ?? ""}
          allowDeselect={false}
          onChange={(state) => screen.set({ state: state ?? undefined }, { replace: true })}
          data={[
            { value: "", label: t("table.anyState") },
            ...(["open", "completed", "cancelled"] as const).map((state) => ({
              value: state,
              label: t(`state.${state}`),
            })),
          ]}
        />
        <TextInput
          className={styles.filter}
          type="date"
          aria-label={t("table.date")}
          value={screen.date ?? ""}
          onChange={(event) => screen.set({ date: event.currentTarget.value }, { replace: true })}
        />
      </div>
      <Answer query={query} skeleton={<SkeletonRows rows={10} />}>
        {(data) => {
          const orders = data.pages.flatMap((page) => page.items);
          return orders.length === 0 ? (
            <EmptyState
              icon={IconReceiptOff}
              title={t(isFiltered ? "table.noneFiltered" : "table.none")}
              text={t(isFiltered ? "table.noneFilteredText" : "empty.text")}
            />
          ) : (
            <Rows
              orders={orders}
              hasMore={query.hasNextPage}
              isFetching={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
          );
        }}
      </Answer>
    </>
  );
}

function useColumns() {
  const { t } = useTranslation("orders");
  const { money, day, time } = useFormat();
  const nameOf = useOrderName();
  return useMemo(
    () =>
      helper.columns([
        helper.accessor("number", { header: () => t("table.number"), cell: (cell) => cell.getValue() }),
        helper.accessor("business_date", {
          id: "day",
          header: () => t("table.day"),
          cell: ({ row }) => `${day(row.original.business_date)} ${time(row.original.opened_at_ms)}`,
        }),
        helper.accessor("table", {
          id: "name",
          header: () => t("table.name"),
          cell: ({ row }) => nameOf(row.original),
        }),
        helper.accessor("item_names", {
          id: "items",
          header: () => t("table.items"),
          cell: (cell) => cell.getValue(),
        }),
        helper.accessor("opened_by_name", {
          id: "by",
          header: () => t("table.by"),
          cell: (cell) => cell.getValue(),
        }),
        helper.accessor("state", {
          id: "state",
          header: () => t("table.state"),
          cell: ({ row }) => (
            <Pill tone={tones[row.original.state]}>
              {row.original.state === "open" && row.original.stage !== "done"
                ? t(`stage.${row.original.stage}`)
                : t(`state.${row.original.state}`)}
            </Pill>
          ),
        }),
        helper.accessor("total_minor", {
          id: "total",
          header: () => t("table.total"),
          cell: (cell) => money(cell.getValue()),
        }),
      ]),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t, money],
  );
}

function Rows(props: { orders: OrderSummary[]; hasMore: boolean; isFetching: boolean; onMore: () => void }) {
  const { t } = useTranslation("orders");
  const screen = useScreen();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useColumns();
  const table = useTable({ features, columns, data: props.orders, getRowId: (order) => order.id });
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasMore, isFetching, onMore } = props;
  useEffect(() => {
    if (hasMore && !isFetching && last >= rows.length - AHEAD) onMore();
  }, [hasMore, isFetching, last, rows.length, onMore]);
  return (
    <div className={styles.frame}>
      <div
        className={styles.table}
        role="table"
        aria-label={t("title")}
        aria-rowcount={hasMore ? -1 : rows.length}
      >
        <div role="rowgroup">
          {table.getHeaderGroups().map((group) => (
            <div key={group.id} role="row" className={`${styles.row} ${styles.headRow}`}>
              {group.headers.map((header) => (
                <span key={header.id} role="columnheader" data-column={header.column.id}>
                  <table.FlexRender header={header} />
                </span>
              ))}
            </div>
          ))}
        </div>
        <div ref={scroller} className={styles.scroller} role="rowgroup">
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {drawn.map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              const isOn = row.original.id === screen.order;
              return (
                <div
                  key={item.key}
                  role="row"
                  aria-rowindex={item.index + 1}
                  className={`${styles.row} ${styles.bodyRow} num`}
                  data-on={isOn ? "" : undefined}
                  style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
                  onClick={() => screen.set({ order: row.original.id, tab: undefined })}
                >
                  {row.getAllCells().map((cell) => (
                    <span key={cell.id} role="cell" data-column={cell.column.id}>
                      {cell.column.id === "number" ? (
                        <button type="button" className={styles.pick} data-order={row.original.id}>
                          {row.original.number}
                        </button>
                      ) : (
                        <table.FlexRender cell={cell} />
                      )}
                    </span>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <p className={styles.count} role="status">
        {isFetching
          ? t("table.more")
          : t(hasMore ? "table.countSoFar" : "table.count", { count: rows.length })}
      </p>
    </div>
  );
}
