// The checks of an order side by side. A line goes to another check by pressing it and choosing, by dragging it there,
// or with the number of the check while it is in focus. What the party owes stays the same to the cent.
import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line, Order } from "../api/types";
import { useFormat } from "../kit/format";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { linesOn, seatsOf } from "./checks";
import styles from "./split.module.css";
import { SplitLine } from "./SplitLine";
import { type SplitBody, useShare, useSplit, useSplitBySeat, useUnsplit } from "./steps";

const SHARES_MIN = 2;
const SHARES_MAX = 50;
const ONE = 1000;
/** The column that makes a check of its own. */
const NEW = "new";

interface Column {
  id: string;
  number: string;
  total_minor: number | null;
  paid_minor: number;
  share_of: string | null;
  lines: Line[];
}

const focusLine = (id: string) =>
  document.querySelector<HTMLElement>(`[data-line="${CSS.escape(id)}"]`)?.focus();

export function columnsOf(order: Order): Column[] {
  const checks =
    order.checks.length > 0
      ? order.checks
      : [
          {
            id: order.id,
            number: order.number,
            total_minor: order.total_minor,
            paid_minor: order.paid_minor,
          },
        ];
  return checks.map((check) => ({
    id: check.id,
    number: check.number,
    total_minor: check.total_minor,
    paid_minor: check.paid_minor,
    share_of: "share_of" in check ? (check.share_of ?? null) : null,
    lines: linesOn(order, check.id),
  }));
}

export function SplitOrder(props: { order: Order; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("orders");
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t("split.title", { number: props.order.number })}
      size={900}
    >
      <Columns order={props.order} />
    </Modal>
  );
}

function Columns(props: { order: Order }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const { order } = props;
  const split = useSplit();
  const share = useShare();
  const unsplit = useUnsplit();
  const [shares, setShares] = useState<number | string>(SHARES_MIN);
  const bySeat = useSplitBySeat();
  const [over, setOver] = useState<string | null>(null);
  const isBusy = split.isPending || share.isPending || unsplit.isPending || bySeat.isPending;
  const columns = columnsOf(order);
  const isGood = isWithin(shares, SHARES_MIN, SHARES_MAX);
  const own = columns.filter((column) => column.share_of === null);
  const move = (line_id: string, to: string, quantity_milli: number) => {
    const line = order.lines.find((one) => one.id === line_id);
    if (line === undefined || isBusy) return;
    const part = quantity_milli < line.quantity_milli ? { quantity_milli } : {};
    const body: SplitBody = {
      lines: [{ line_id, ...part }],
      ...(to === NEW ? {} : { check_id: to }),
    };
    // The line that went stays in focus, so that the next number moves it on.
    split.mutate(
      { id: order.id, body },
      { onSuccess: () => requestAnimationFrame(() => focusLine(line_id)) },
    );
  };
  const drop = (id: string) => ({
    "data-over": over === id ? "" : undefined,
    onDragOver: (event: React.DragEvent) => {
      event.preventDefault();
      setOver(id);
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: React.DragEvent) => {
      event.preventDefault();
      setOver(null);
      move(event.dataTransfer.getData("text/plain"), id, event.shiftKey ? ONE : Infinity);
    },
  });
  return (
    <div className={styles.split}>
      <p className={styles.hint}>{t("split.hint")}</p>
      <div className={styles.columns} aria-busy={isBusy}>
        {columns.map((column) => (
          <section
            key={column.id}
            className={styles.column}
            aria-label={column.number}
            {...(column.share_of === null ? drop(column.id) : {})}
          >
            <h3 className="num">
              <span>{column.number}</span>
              <b>{money(column.total_minor ?? 0)}</b>
            </h3>
            {column.paid_minor > 0 && (
              <p className={`${styles.paid} num`}>{t("split.paid", { amount: money(column.paid_minor) })}</p>
            )}
            {column.share_of !== null && <p className={styles.paid}>{t("split.share")}</p>}
            <ul>
              {column.lines.map((line) => (
                <li key={line.id}>
                  <SplitLine
                    line={line}
                    targets={[
                      ...own
                        .filter((other) => other.id !== column.id)
                        .map((other) => ({ id: other.id, label: t("split.to", { number: other.number }) })),
                      { id: null, label: t("split.toNew") },
                    ]}
                    isFirst={line === columns[0]?.lines[0]}
                    onDigit={(digit, isPart) => {
                      const to = own[digit - 1]?.id ?? (digit - 1 === own.length ? NEW : undefined);
                      if (to !== undefined && to !== column.id)
                        move(line.id, to, isPart ? ONE : line.quantity_milli);
                    }}
                    onMove={(to, quantity_milli) => move(line.id, to ?? NEW, quantity_milli)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <section className={`${styles.column} ${styles.fresh}`} aria-label={t("split.new")} {...drop(NEW)}>
          <h3>{t("split.new")}</h3>
          <p className={styles.paid}>{t("split.newHint", { key: own.length + 1 })}</p>
        </section>
      </div>
      <Group justify="space-between" gap="sm" align="flex-end">
        <Group gap="sm" align="flex-end">
          <NumberField
            label={t("split.shares")}
            w={120}
            min={SHARES_MIN}
            max={SHARES_MAX}
            allowDecimal={false}
            value={shares}
            onChange={setShares}
          />
          <Button
            variant="default"
            disabled={isBusy || !isGood}
            onClick={() => share.mutate({ id: order.id, body: { shares: Number(shares) } })}
          >
            {isGood ? t("split.doShares", { count: Number(shares) }) : t("split.shares")}
          </Button>
          {order.checks.length === 0 && seatsOf(order) > 1 && (
            <Button
              variant="default"
              disabled={isBusy}
              onClick={() => bySeat.mutate({ id: order.id, body: null })}
            >
              {t("split.bySeat")}
            </Button>
          )}
        </Group>
        {order.checks.length > 0 && (
          <Button
            variant="default"
            disabled={isBusy}
            onClick={() => unsplit.mutate({ id: order.id, body: null })}
          >
            {t("split.together")}
          </Button>
        )}
      </Group>
    </div>
  );
}
