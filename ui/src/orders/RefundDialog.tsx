// Gives money back, of lines or of the whole, on any later day. What it comes to is the engine's answer, asked for as
// soon as something is picked; the button says that sum.
import { Button, Checkbox, Group, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/errors";
import type { Order, Payment, Refundable } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useErrorText } from "../kit/errorText";
import { isAmount, useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { SkeletonRows } from "../kit/Skeletons";
import { checkOf, tenderOf } from "./checks";
import styles from "./pay.module.css";
import { refundableQuery, refundPreviewQuery, useRefund } from "./refund";

const REASON_MAX = 200;
const CODE_MAX = 60;
const ONE = 1000;

export function RefundDialog(props: { order: Order; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const rid = useRestaurantId();
  const query = useQuery({ ...refundableQuery(rid, props.order.id), enabled: props.opened });
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size={500}
      title={t("refund.of", { number: props.order.number })}
    >
      <Answer query={query} skeleton={<SkeletonRows rows={3} />}>
        {(can) => <RefundForm order={props.order} can={can} onClose={props.onClose} />}
      </Answer>
    </Modal>
  );
}

type Tender = Payment["tender"];

function RefundForm(props: { order: Order; can: Refundable; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const { money } = useFormat();
  const errorText = useErrorText();
  const rid = useRestaurantId();
  const { order, can } = props;
  const lines = can.lines.filter((line) => line.left_minor > 0);
  const [byLine, setByLine] = useState(lines.length > 0);
  /** The form may come after the dialog: it begins at the first thing to pick, and only then. */
  const [isNew, setNew] = useState(true);
  /** How many of each, as typed. */
  const [picked, setPicked] = useState<Record<string, number | string>>({});
  const [amount, setAmount] = useState<number | null>(null);
  const [chosen, setChosen] = useState<Tender | null>(null);
  const [code, setCode] = useState("");
  const [reason, setReason] = useState("");
  const [restock, setRestock] = useState(false);
  const refund = useRefund(props.onClose);

  const tender = chosen ?? tenderOf(order, can, byLine ? Object.keys(picked) : []) ?? "cash";
  const wish = byLine
    ? {
        lines: Object.entries(picked).map(([line_id, many]) => {
          const quantity_milli = Math.round(Number(many) * ONE);
          return quantity_milli > 0 ? { line_id, quantity_milli } : { line_id };
        }),
      }
    : { amount_minor: isAmount(amount) ? amount : 0 };
  const isReadable = lines.every((line) => {
    const many = picked[line.line_id];
    return many === undefined || line.left_milli <= ONE || isWithin(many, 1, line.left_milli / ONE);
  });
  const isAsked = byLine ? isReadable && Object.keys(picked).length > 0 : (amount ?? 0) > 0;
  // Not asked again while the refund itself is on its way: afterwards there is less to give back than this wants.
  const preview = useQuery({
    ...refundPreviewQuery(rid, order.id, wish),
    enabled: isAsked && !refund.isPending && !refund.isSuccess,
  });
  const sum = tender === "cash" ? preview.data?.cash_minor : preview.data?.amount_minor;
  const ready =
    isAsked &&
    preview.data !== undefined &&
    sum !== 0 &&
    reason.trim() !== "" &&
    (tender !== "voucher" || code.trim() !== "");
  const problem = refund.error ?? (isAsked && preview.error instanceof ApiError ? preview.error : null);

  if (can.left_minor === 0) return <p className={styles.note}>{t("refund.nothing")}</p>;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        refund.mutate({
          id: order.id,
          ...wish,
          tender,
          reason: reason.trim(),
          restock: byLine && restock,
          ...(tender !== "cash" && code.trim() !== "" ? { reference: code.trim() } : {}),
        });
      }}
    >
      {lines.length > 0 && (
        <SegmentedControl
          fullWidth
          aria-label={t("refund.what")}
          value={byLine ? "lines" : "amount"}
          onChange={(value) => {
            setNew(false);
            setByLine(value === "lines");
          }}
          data={[
            { value: "lines", label: t("refund.byLine") },
            { value: "amount", label: t("refund.byAmount") },
          ]}
        />
      )}
      {byLine ? (
        <ul className={styles.refundLines}>
          {lines.map((line, at) => {
            const isOn = picked[line.line_id] !== undefined;
            const most = line.left_milli / ONE;
            const check = checkOf(order, line.line_id);
            return (
              <li key={line.line_id}>
                <Checkbox
                  autoFocus={isNew && at === 0}
                  data-autofocus={at === 0 ? true : undefined}
                  label={line.name === "" ? t("refund.charge") : line.name}
                  description={check === null ? undefined : t("totals.check", { number: check.number })}
                  checked={isOn}
                  onChange={() =>
                    setPicked((now) => {
                      const { [line.line_id]: gone, ...rest } = now;
                      return gone === undefined ? { ...now, [line.line_id]: most } : rest;
                    })
                  }
                />
                {most > 1 && (
                  <NumberField
                    aria-label={t("refund.howMany", { name: line.name })}
                    size="xs"
                    w={96}
                    min={1}
                    max={most}
                    allowDecimal={false}
                    value={picked[line.line_id] ?? most}
                    error={picked[line.line_id] === ""}
                    onChange={(value) => setPicked((now) => ({ ...now, [line.line_id]: value }))}
                  />
                )}
                <span className="num">{money(line.left_minor)}</span>
              </li>
            );
          })}
        </ul>
      ) : (
        <MoneyInput
          autoFocus={isNew}
          data-autofocus
          size="md"
          label={t("refund.amount")}
          description={t("refund.atMost", { amount: money(can.left_minor) })}
          value={amount}
          onChange={setAmount}
        />
      )}
      <SegmentedControl
        fullWidth
        aria-label={t("refund.tender")}
        value={tender}
        onChange={(value) => setChosen(value === "card" || value === "voucher" ? value : "cash")}
        data={[
          { value: "cash", label: t("pay.cash") },
          { value: "card", label: t("pay.card") },
          { value: "voucher", label: t("pay.voucher") },
        ]}
      />
      {tender !== "cash" && (
        <TextInput
          label={t(tender === "card" ? "pay.reference" : "pay.code")}
          maxLength={CODE_MAX}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      <TextInput
        required
        label={t("refund.reason")}
        maxLength={REASON_MAX}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {byLine && (
        <Checkbox
          label={t("refund.restock")}
          checked={restock}
          onChange={(event) => setRestock(event.currentTarget.checked)}
        />
      )}
      {problem === null && isAsked && sum === 0 && (
        <p className={styles.problem} role="alert">
          {t("refund.noCoin", { coin: money(order.cash_rounding_minor) })}
        </p>
      )}
      {problem !== null && (
        <p className={styles.problem} role="alert">
          {typeof problem.details?.["cash_rounding_minor"] === "number"
            ? t("refund.noCoin", { coin: money(problem.details["cash_rounding_minor"]) })
            : errorText(problem).short}
        </p>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          {common("action.keep")}
        </Button>
        <Button type="submit" disabled={!ready} loading={refund.isPending}>
          {sum === undefined ? t("refund.title") : t("refund.give", { amount: money(sum) })}
        </Button>
      </Group>
    </form>
  );
}
