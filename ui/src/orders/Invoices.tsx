// The invoices of an order and the credit notes of its refunds. What has none yet can be written one: the engine
// gives the next number of the series, and the same one when asked again.
import { Button } from "@mantine/core";
import { IconFileInvoice } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Invoice, Order } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import { invoicesQuery } from "./queries";
import styles from "./pane.module.css";

interface Wish {
  check_id?: string;
  refund_id?: string;
}

function useIssue() {
  const { t } = useTranslation("orders");
  const rid = useRestaurantId();
  return useCommand<{ id: string } & Wish, Invoice>({
    name: "orders.invoice",
    run: ({ id, ...body }, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/orders/{order_id}/invoices", {
          params: { path: { rid, order_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (invoice) => say(t("invoice.written", { number: invoice.number })),
    onFailed: useComplain(),
  });
}

export function Invoices(props: { order: Order }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const rid = useRestaurantId();
  const may = useMay();
  const { order } = props;
  const query = useQuery(invoicesQuery(rid, order.id));
  const issue = useIssue();
  if (query.data === undefined) return null;
  const written = query.data.items;
  const invoices = written.filter((one) => one.refund_id == null);
  const has = (check: string) =>
    invoices.some((one) => one.check_id === check || (one.check_id == null && check === order.id));
  const checks = order.checks.length > 0 ? order.checks : [{ id: order.id, number: order.number }];
  const toWrite: { label: string; wish: Wish }[] = [
    ...checks
      .filter((check) => !has(check.id))
      .map((check) => ({
        label: checks.length > 1 ? t("invoice.writeOf", { number: check.number }) : t("invoice.write"),
        wish: { check_id: check.id },
      })),
    ...order.refunds
      .filter((refund) => invoices.length > 0 && !written.some((one) => one.refund_id === refund.id))
      .map((refund) => ({
        label: t("invoice.credit", { amount: money(refund.amount_minor) }),
        wish: { refund_id: refund.id },
      })),
  ];
  const canWrite = may("orders.pay");
  if (written.length === 0 && !canWrite) return null;
  return (
    <section className={styles.invoices} aria-label={t("invoice.title")}>
      {written.map((one) => (
        <p key={one.number} className="num">
          <IconFileInvoice size={16} stroke={1.7} aria-hidden />
          <span>
            {t(one.refund_id == null ? "invoice.one" : "invoice.note", {
              number: one.number,
              corrects: one.corrects ?? "",
            })}
          </span>
          <b>{money(one.total_minor)}</b>
        </p>
      ))}
      {canWrite && toWrite.length > 0 && (
        <div>
          {toWrite.map(({ label, wish }) => (
            <Button
              key={label}
              size="compact-sm"
              variant="default"
              loading={issue.isPending}
              onClick={() => issue.mutate({ id: order.id, ...wish })}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
