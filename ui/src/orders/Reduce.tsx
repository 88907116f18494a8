// Something off the price: a percentage or an amount, of a line, a check or everything, or given free altogether.
// Beyond what a person may do alone, somebody who may approves with e-mail and password.
import { Button, Group, Modal, NumberInput, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line, Order } from "../api/types";
import { useMay } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import styles from "./reduce.module.css";
import { useComp, useDiscount } from "./steps";

const REASON_MAX = 200;
const quickRates = [5, 10, 15, 20];

export interface Reducing {
  kind: "discount" | "comp";
  /** None: the whole order. */
  line: Line | null;
}

export function Reduce(props: { order: Order; what: Reducing | null; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const { what } = props;
  const about = what?.line?.name ?? props.order.number;
  return (
    <Modal
      opened={what !== null}
      onClose={props.onClose}
      title={what === null ? "" : t(`reduce.${what.kind}`, { name: about })}
      closeButtonProps={{ "aria-label": common("action.close") }}
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
  const [percent, setPercent] = useState<number | null>(10);
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const [email, setEmail] = useState("");
  const [secret, setSecret] = useState("");
  const discount = useDiscount(props.onClose);
  const comp = useComp(props.onClose);
  const isComp = what.kind === "comp";
  const command = isComp ? comp : discount;
  const { error } = command;
  const isRefused = error?.code === "forbidden";
  const needsApproval = isRefused || (isComp && !may("orders.comp"));
  const price = what.line?.total_minor ?? order.totals.items_minor - order.totals.discount_minor;
  const given = reason.trim();
  const hasApproval = email.trim() !== "" && secret !== "";
  const sum = isComp || (way === "rate" ? percent !== null && percent > 0 : amount !== null && amount > 0);
  const ready = given !== "" && sum && (!needsApproval || hasApproval);
  const send = () => {
    const approval = hasApproval ? { approval: { email: email.trim(), secret } } : {};
    const line = what.line;
    if (isComp) {
      const lines = line === null ? {} : { line_ids: [line.id] };
      comp.mutate({ id: order.id, body: { ...lines, reason: given, ...approval } });
      return;
    }
    const off =
      way === "rate" ? { rate_bp: Math.round((percent ?? 0) * 100) } : { amount_minor: amount ?? 0 };
    const of = line === null ? {} : { line_id: line.id };
    discount.mutate({ id: order.id, body: { ...of, ...off, reason: given, ...approval } });
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
              <NumberInput
                data-autofocus
                label={t("reduce.rateLabel")}
                min={0.01}
                max={100}
                decimalScale={2}
                suffix=" %"
                hideControls
                value={percent ?? ""}
                onChange={(value) => setPercent(typeof value === "number" ? value : null)}
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
            variant={ready === given ? "light" : "default"}
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
      {needsApproval && (
        <fieldset className={styles.approval}>
          <legend>{t("reduce.approval")}</legend>
          <TextInput
            label={t("reduce.email")}
            type="email"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t("reduce.secret")}
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        </fieldset>
      )}
      {error !== null && (
        <p className={styles.problem} role="alert">
          {isRefused && !hasApproval ? t("reduce.needs") : `${errorText(error).what} ${errorText(error).why}`}
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
