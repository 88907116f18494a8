// Every order of the house: the board of what is open, or the table of all that ever was, and beside it the one
// order in hand. Which of them, and the filters, stand in the address.
import { Button, SegmentedControl } from "@mantine/core";
import { IconPlus, IconReceipt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { OrderSummary } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { PageHead } from "../kit/Page";
import { EmptyState } from "../kit/States";
import { useNow } from "../kit/useNow";
import { Board, inBoardOrder } from "./Board";
import { BoardSkeleton } from "./BoardSkeleton";
import { OrderPane } from "./OrderPane";
import styles from "./orders.module.css";
import { OrdersTable } from "./OrdersTable";
import { openOrdersQuery } from "./queries";
import { useScreen } from "./screen";
import { TakeOrder } from "./TakeOrder";

export function OrdersPage() {
  const { t } = useTranslation("orders");
  const rid = useRestaurantId();
  const may = useMay();
  const query = useQuery(openOrdersQuery(rid));
  const screen = useScreen();
  const navigate = useNavigate();
  const open = query.data?.items ?? [];
  const inOrder = inBoardOrder(open);

  const step = (by: number) => {
    const at = inOrder.findIndex((order) => order.id === screen.order);
    const next = inOrder[at === -1 ? 0 : Math.min(inOrder.length - 1, Math.max(0, at + by))];
    if (next !== undefined) screen.set({ order: next.id }, { replace: screen.order !== undefined });
  };
  const start = () => {
    if (may("orders.write")) screen.set({ new: "1" });
  };
  useKeys([
    ...(may("orders.write") ? [{ keys: "n", label: t("new.title"), group: t("title"), run: start }] : []),
    {
      keys: "v",
      label: t("view.switch"),
      group: t("title"),
      run: () => screen.set({ view: screen.view === "board" ? "table" : undefined }),
    },
    { keys: "j", label: t("keys.next"), group: t("title"), run: () => step(1) },
    { keys: "k", label: t("keys.previous"), group: t("title"), run: () => step(-1) },
  ]);

  // The card in hand stays in sight when the keys walk through the board.
  useEffect(() => {
    document
      .querySelector(`[data-order="${CSS.escape(screen.order ?? "")}"]`)
      ?.scrollIntoView({ block: "nearest" });
  }, [screen.order, open.length]);

  return (
    <div className={styles.page} data-picked={screen.order === undefined ? undefined : ""}>
      <PageHead
        title={t("title")}
        sub={
          query.data === undefined ? undefined : (
            <FloorSentence open={open} isCut={query.data.next_cursor != null} />
          )
        }
      >
        <SegmentedControl
          size="sm"
          aria-label={t("view.switch")}
          value={screen.view}
          onChange={(view) => screen.set({ view: view === "table" ? "table" : undefined })}
          data={[
            { value: "board", label: t("view.board") },
            { value: "table", label: t("view.table") },
          ]}
        />
        {may("orders.write") && (
          <Button
            onClick={start}
            leftSection={<IconPlus size={16} />}
            rightSection={<KeyCaps keys="n" onAccent />}
            aria-keyshortcuts="n"
            className={styles.newButton}
          >
            {t("new.title")}
          </Button>
        )}
      </PageHead>
      <div className={styles.work}>
        <div className={styles.main}>
          {screen.view === "table" ? (
            <OrdersTable />
          ) : (
            <Answer query={query} skeleton={<BoardSkeleton />}>
              {(page) =>
                page.items.length === 0 ? (
                  <EmptyState icon={IconReceipt} title={t("empty.title")} text={t("empty.text")}>
                    {may("orders.write") && (
                      <Button onClick={start} leftSection={<IconPlus size={16} />}>
                        {t("new.title")}
                      </Button>
                    )}
                    <Button variant="default" onClick={() => screen.set({ view: "table" })}>
                      {t("empty.past")}
                    </Button>
                  </EmptyState>
                ) : (
                  <>
                    {page.next_cursor != null && <p className={styles.more}>{t("board.more")}</p>}
                    <Board
                      orders={page.items}
                      picked={screen.order}
                      onPick={(id) => screen.set({ order: id, tab: undefined })}
                    />
                  </>
                )
              }
            </Answer>
          )}
        </div>
        {screen.order !== undefined && <OrderPane key={screen.order} id={screen.order} />}
      </div>
      {may("orders.write") && (
        <TakeOrder
          order={null}
          table={screen.table}
          opened={screen.isNew}
          onClose={() => {
            // Back to where one came from.
            if (screen.table === undefined) screen.set({ new: undefined });
            else void navigate({ to: "/tables" });
          }}
          onDone={(order) =>
            screen.set({ new: undefined, table: undefined, order: order.id, view: undefined })
          }
        />
      )}
    </div>
  );
}

/** "14 open · 38 covers · €1,204.60 on the floor · oldest 58 min" */
function FloorSentence(props: { open: OrderSummary[]; isCut: boolean }) {
  const { t } = useTranslation("orders");
  const { money, span } = useFormat();
  const now = useNow(15_000);
  const { open } = props;
  if (open.length === 0) return t("floor.none");
  // A sum of some of them would pass for the sum of all.
  if (props.isCut) return t("floor.newest", { count: open.length });
  const covers = open.reduce((sum, order) => sum + (order.covers ?? 0), 0);
  const due = open.reduce((sum, order) => sum + order.due_minor, 0);
  const oldest = Math.min(...open.map((order) => order.opened_at_ms));
  return [
    t("floor.open", { count: open.length }),
    ...(covers > 0 ? [t("floor.covers", { count: covers })] : []),
    t("floor.due", { amount: money(due) }),
    t("floor.oldest", { age: span(now - oldest) }),
  ].join(" · ");
}
