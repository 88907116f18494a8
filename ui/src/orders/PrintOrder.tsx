// The bill or the receipt of an order: of a split one, of which check.
import { SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckPaper, Order } from "../api/types";
import { PrintDialog } from "../printing/PrintDialog";
import { likeliest, onPaper } from "./papers";
import styles from "./pane.module.css";

export function PrintOrder(props: {
  order: Order;
  /** Null: the one that owes something. */
  check_id: string | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("printing");
  const { order } = props;
  const all = onPaper(order);
  const [picked, setPicked] = useState<string | null>(props.check_id);
  const [wanted, setWanted] = useState<CheckPaper | null>(null);
  const check = likeliest(all, picked);
  if (check === undefined) return null;
  const paper = check.papers.find((one) => one === wanted) ?? check.papers[0] ?? "bill";
  const several = all.length > 1;
  const both = check.papers.length > 1;
  return (
    <PrintDialog
      title={t(`order.${paper}Of`, { number: check.number })}
      file={`${paper}-${order.business_date}-${check.number.replace(/\//g, "-")}`}
      paper={{ of: "check", order_id: order.id, check_id: check.check_id, paper }}
      onClose={props.onClose}
      choice={
        (several || both) && (
          <div className={styles.whichPaper}>
            {several && (
              <Select
                aria-label={t("order.check")}
                allowDeselect={false}
                value={check.check_id}
                onChange={setPicked}
                data={all.map((one) => ({ value: one.check_id, label: one.number }))}
              />
            )}
            {both && (
              <SegmentedControl
                aria-label={t("order.which")}
                value={paper}
                onChange={(value) => setWanted(value === "receipt" ? "receipt" : "bill")}
                data={check.papers.map((value) => ({ value, label: t(`order.${value}`) }))}
              />
            )}
          </div>
        )
      }
    />
  );
}
