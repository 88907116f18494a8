// Something off the price: a percentage or an amount, of a line, a check or everything, or given free altogether.
// Beyond what a person may do alone, somebody who may approves it here.
import { Button, Group, Modal, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line, Order } from "../api/types";
import { useMay } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { isAmount, useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { approvalOf, Approve, isAboutApproval, nobody } from "./Approve";
import { linesOn } from "./checks";
import styles from "./reduce.module.css";
import { useComp, useDiscount } from "./steps";

const REASON_MAX = 200;
const RATE_MIN = 0.01;
const RATE_MAX = 100;
const quickRates = [5, 10, 15, 20];

export interface Reducing {
  kind: "discount" | "comp";
  /** None: the whole order. */
  line: Line | null;
}

export function Reduce(props: { order: Order; what: Reducing | null; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { what } = props;
  const about = what?.line?.name ?? props.order.number;
  return (
    <Modal
      opened={what !== null}
      onClose={props.onClose}
      title={what === null ? "" : t(`reduce.${what.kind}`, { name: about })}
    >
      {what !== null && <Form order={props.order} what={what} onClose={props.onClose} />}
    </Modal>
  );
}

function Form(props: { order: Order; what: Reducing; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const { money } = useFormat();
  const errorText = useErrorText();
  const may = useMay();
  const { order, what } = props;
  const [way, setWay] = useState<"rate" | "amount">("rate");
  const [percent, setPercent] = useState<number | string>(10);
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const [check, setCheck] = useState<string | null>(null);
  const [given, setGiven] = useState(nobody);
  const discount = useDiscount(props.onClose);
  const comp = useComp(props.onClose);
  const isComp = what.kind === "comp";
  const command = isComp ? comp : discount;
  const { error } = command;
  // Once asked for it stays in sight, whatever the next answer is.
  const [wasAsked, setAsked] = useState(isComp && !may("orders.comp"));
  if (!wasAsked && isAboutApproval(error)) setAsked(true);
  const approved = approvalOf(given);
  // Shares of a check have no lines: they follow the check they share.
  const checks = what.line === null ? order.checks.filter((one) => one.share_of == null) : [];
  const one = checks.find((other) => other.id === check);
  const ofCheck = one === undefined ? null : linesOn(order, one.id).filter((line) => line.comp_minor == null);
  const price =
    what.line?.total_minor ??
    ofCheck?.reduce((sum, line) => sum + line.total_minor, 0) ??
    order.totals.items_minor - order.totals.discount_minor;
  const why = reason.trim();
  const sum =
    isComp || (way === "rate" ? isWithin(percent, RATE_MIN, RATE_MAX) : isAmount(amount) && amount > 0);
  const ready = why !== "" && sum && (!wasAsked || approved !== null);
  const send = () => {
    const approval = approved === null ? {} : { approval: approved };
    const line = what.line;
    if (isComp) {
      const named = line === null ? ofCheck : [line];
      const lines = named === null ? {} : { line_ids: named.map((other) => other.id) };
      comp.mutate({ id: order.id, body: { ...lines, reason: why, ...approval } });
      return;
    }
    const off =
      way === "rate" ? { rate_bp: Math.round(Number(percent) * 100) } : { amount_minor: amount ?? 0 };
    const of = line !== null ? { line_id: line.id } : one !== undefined ? { check_id: one.id } : {};
    discount.mutate({ id: order.id, body: { ...of, ...off, reason: why, ...approval } });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !command.isPending) send();
      }}
    >
      <p className={styles.text}>{t(isComp ? "reduce.compText" : "reduce.text", { amount: money(price) })}</p>
      {checks.length > 1 && (
        <Select
          label={t("reduce.of")}
          data={[
            { value: "", label: t("reduce.all") },
            ...checks.map((other) => ({
              value: other.id,
              label: t("totals.check", { number: other.number }),
            })),
          ]}
          allowDeselect={false}
          value={check ?? ""}
          onChange={(value) => setCheck(value === "" ? null : value)}
        />
      )}
      {!isComp && (
        <>
          <SegmentedControl
            fullWidth
            aria-label={t("reduce.way")}
            value={way}
            onChange={(value) => setWay(value === "amount" ? "amount" : "rate")}
            data={[
              { value: "rate", label: t("reduce.rate") },
              { value: "amount", label: t("reduce.amount") },
            ]}
          />
          {way === "rate" ? (
            <>
              <Group gap="sm">
                {quickRates.map((rate) => (
                  <Button
                    key={rate}
                    size="xs"
                    variant={percent === rate ? "light" : "default"}
                    onClick={() => setPercent(rate)}
                  >
                    {rate} %
                  </Button>
                ))}
              </Group>
              <NumberField
                data-autofocus
                label={t("reduce.rateLabel")}
                min={RATE_MIN}
                max={RATE_MAX}
                decimalScale={2}
                suffix=" %"
                hideControls
                value={percent}
                onChange={setPercent}
              />
            </>
          ) : (
            <MoneyInput label={t("reduce.amountLabel")} value={amount} onChange={setAmount} data-autofocus />
          )}
        </>
      )}
      <Group gap="sm">
        {t("reduce.reasons", { returnObjects: true }).map((ready) => (
          <Button
            key={ready}
            size="xs"
            variant={ready === why ? "light" : "default"}
            onClick={() => setReason(ready)}
          >
            {ready}
          </Button>
        ))}
      </Group>
      <TextInput
        label={common("reason.label")}
        maxLength={REASON_MAX}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        {...(isComp ? { "data-autofocus": true } : {})}
      />
      {wasAsked && <Approve given={given} onChange={setGiven} error={error} />}
      {error !== null && !isAboutApproval(error) && (
        <p className={styles.problem} role="alert">
          {errorText(error).short}
        </p>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          {common("action.keep")}
        </Button>
        <Button type="submit" disabled={!ready} loading={command.isPending}>
          {t(isComp ? "reduce.give" : "reduce.take")}
        </Button>
      </Group>
    </form>
  );
}
