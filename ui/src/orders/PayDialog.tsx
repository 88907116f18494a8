// Takes a payment. Cash: what the guest hands over and what goes back. Card: a record of what the terminal did.
// Voucher: its code; nothing goes back on it. Of a split order one check is paid at a time.
// While the answer of a payment is unknown the fields stay shut, so that pressing again asks about that same
// payment and never makes a second one.
import { Button, Group, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useRestaurant } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { isAmount, useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { useOrderName } from "../kit/orderName";
import { usePay } from "./commands";
import { useAskCard } from "./cards";
import { checkToPay, openOf, toPay } from "./checks";
import { back, cashBack, cashDue, quickAmounts } from "./pay";
import { Paid } from "./Paid";
import { TillClosed } from "./TillClosed";
import styles from "./pay.module.css";
import { WaitingCards } from "./WaitingCards";

const REFERENCE_MAX = 60;

const takes = { cash: "pay.takeCash", card: "pay.takeCard", voucher: "pay.takeVoucher" } as const;

interface Form {
  tender: "cash" | "card" | "voucher";
  /** Null: all that is due. */
  part: number | null;
  isPart: boolean;
  tip: number | null;
  tendered: number | null;
  reference: string;
  /** Which check of a split order; null: the next that owes something. */
  check: string | null;
  /** On the card, where it brings more than is due and the rest goes back in cash. */
  onCard: number | null;
  isBack: boolean;
}
const blank: Form = {
  tender: "cash",
  part: null,
  isPart: false,
  tip: null,
  tendered: null,
  reference: "",
  check: null,
  onCard: null,
  isBack: false,
};

export function PayDialog(props: { order: Order; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("orders");
  const { order, onClose } = props;
  const nameOf = useOrderName();
  const [form, setForm] = useState<Form>(blank);
  const [paid, setPaid] = useState<Order | null>(null);
  const pay = usePay(setPaid);
  const close = () => {
    if (paid !== null) {
      setForm(blank);
      setPaid(null);
      pay.reset();
    }
    onClose();
  };
  return (
    <Modal
      opened={props.opened}
      onClose={close}
      size={460}
      title={paid === null ? t("pay.of", { name: nameOf(order), number: order.number }) : t("paid.title")}
      closeOnClickOutside={!pay.isPending}
    >
      {paid !== null ? (
        <Paid
          order={paid}
          onDone={close}
          onMore={() => {
            setForm({ ...blank, tender: form.tender });
            setPaid(null);
            pay.reset();
          }}
        />
      ) : (
        <div className={styles.form}>
          <WaitingCards order={order} onCaptured={setPaid} />
          {toPay(order, form.check) > 0 && (
            <PayForm order={order} form={form} onForm={setForm} pay={pay} onAsked={() => setForm(blank)} />
          )}
        </div>
      )}
    </Modal>
  );
}

function PayForm(props: {
  order: Order;
  form: Form;
  onForm: (form: Form) => void;
  pay: ReturnType<typeof usePay>;
  onAsked: () => void;
}) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const restaurant = useRestaurant();
  const errorText = useErrorText();
  const { order, form, pay } = props;
  const set = (change: Partial<Form>) => props.onForm({ ...form, ...change });

  const check = checkToPay(order, form.check);
  const due = toPay(order, form.check);
  const askCard = useAskCard(props.onAsked);
  const [unit, rounding] = [order.cash_rounding_minor, restaurant?.rounding ?? "half_up"] as const;
  const isBack = form.isBack && form.tender === "card";
  const givenBack = isBack && isAmount(form.onCard) ? cashBack(due, form.onCard, unit, rounding) : null;
  const amount = isBack ? form.onCard : form.isPart ? form.part : due;
  const isWhole = amount === due;
  const tip = isAmount(form.tip) ? form.tip : 0;
  const rounded = cashDue(due, unit, rounding);
  const toTake = form.tender === "cash" && isWhole ? rounded.cash : isAmount(amount) ? amount : 0;
  const needed = toTake + tip;
  const goesBack = back(needed, isAmount(form.tendered) ? form.tendered : null);
  const isUnknown = pay.error !== null && !pay.error.outcomeKnown;
  const shut = pay.isPending || isUnknown || askCard.isPending;
  const problem =
    !isAmount(amount) || amount <= 0
      ? t("pay.amountMissing")
      : isBack
        ? givenBack === null
          ? t("pay.backTooLittle", { amount: money(due) })
          : null
        : amount > due
          ? t("pay.tooMuch", { amount: money(due) })
          : null;
  const isShort = form.tender === "cash" && goesBack.kind === "missing";
  const lacksCode = form.tender === "voucher" && form.reference.trim() === "";
  const isUnread = [form.tip, form.tender === "cash" ? form.tendered : null].some(Number.isNaN);
  const ready = problem === null && !isShort && !lacksCode && !isUnread;

  const submit = () => {
    // Word for word the same wish, whatever the order has become meanwhile: so it carries the same key.
    if (isUnknown && pay.variables !== undefined) return pay.mutate(pay.variables);
    if (!ready || amount === null) return;
    const reference = form.reference.trim();
    pay.mutate({
      id: order.id,
      tender: form.tender,
      ...(check === null ? {} : { check_id: check.id }),
      amount_minor: amount,
      ...(givenBack === null ? {} : { cash_back_minor: givenBack }),
      ...(tip > 0 ? { tip_minor: tip } : {}),
      ...(form.tender === "cash" && form.tendered !== null ? { tendered_minor: form.tendered } : {}),
      ...(form.tender !== "cash" && reference !== "" ? { reference } : {}),
    });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={styles.due}>
        <span>{t(form.isPart ? "pay.takingPart" : "pay.due")}</span>
        <b className="num">{money(needed)}</b>
        <small className="num">
          {sumNote(t, money, {
            rounding: isWhole && form.tender === "cash" ? rounded.rounding : 0,
            tip,
            total: check?.total_minor ?? order.totals.gross_minor,
            paid: check?.paid_minor ?? order.totals.paid_minor,
          })}
        </small>
      </div>
      {check !== null && order.checks.length > 1 && (
        <Checks
          order={order}
          picked={check.id}
          shut={shut}
          onPick={(id) => set({ check: id, part: null, isPart: false, tendered: null, isBack: false })}
        />
      )}
      <SegmentedControl
        fullWidth
        size="md"
        disabled={shut}
        aria-label={t("pay.tender")}
        value={form.tender}
        onChange={(tender) =>
          set({ tender: tender === "card" || tender === "voucher" ? tender : "cash", isBack: false })
        }
        data={[
          { value: "cash", label: t("pay.cash") },
          { value: "card", label: t("pay.card") },
          { value: "voucher", label: t("pay.voucher") },
        ]}
      />
      {form.tender === "cash" ? (
        <>
          <TillClosed />
          <MoneyInput
            data-autofocus
            size="md"
            label={t("pay.tendered")}
            description={t("pay.tenderedWhy")}
            disabled={shut}
            value={form.tendered}
            onChange={(tendered) => set({ tendered })}
          />
          <Group gap="sm">
            <Button size="md" variant="default" disabled={shut} onClick={() => set({ tendered: needed })}>
              {t("pay.exact")}
            </Button>
            {quickAmounts(needed).map((sum) => (
              <Button
                key={sum}
                size="md"
                variant="default"
                disabled={shut}
                onClick={() => set({ tendered: sum })}
              >
                <span className="num">{money(sum)}</span>
              </Button>
            ))}
          </Group>
          <div className={styles.back} data-kind={goesBack.kind} role="status">
            <span>{t(`pay.back.${goesBack.kind}`)}</span>
            {goesBack.kind !== "exact" && <b className="num">{money(goesBack.minor)}</b>}
          </div>
        </>
      ) : (
        <>
          <p className={styles.note}>{t(form.tender === "card" ? "pay.cardWhy" : "pay.voucherWhy")}</p>
          <TextInput
            data-autofocus
            size="md"
            key={form.tender}
            label={t(form.tender === "card" ? "pay.reference" : "pay.code")}
            maxLength={REFERENCE_MAX}
            disabled={shut}
            value={form.reference}
            onChange={(event) => set({ reference: event.currentTarget.value })}
          />
          {isBack && (
            <>
              <MoneyInput
                size="md"
                label={t("pay.onCard")}
                description={t("pay.onCardWhy")}
                disabled={shut}
                value={form.onCard}
                error={form.onCard === null ? null : problem}
                autoFocus
                onChange={(onCard) => set({ onCard })}
              />
              <div className={styles.back} data-kind={givenBack === null ? "exact" : "change"} role="status">
                <span>{t(givenBack === null ? "pay.back.exact" : "pay.back.cash")}</span>
                {givenBack !== null && <b className="num">{money(givenBack)}</b>}
              </div>
            </>
          )}
        </>
      )}
      <div className={styles.pair}>
        <MoneyInput
          label={t("pay.tip")}
          disabled={shut}
          value={form.tip}
          onChange={(next) => set({ tip: next })}
        />
        {form.isPart ? (
          <MoneyInput
            label={t("pay.part")}
            disabled={shut}
            value={form.part}
            error={problem}
            autoFocus
            onChange={(part) => set({ part })}
          />
        ) : (
          <div className={styles.others}>
            {!isBack && (
              <Button
                variant="subtle"
                color="gray"
                disabled={shut}
                onClick={() => set({ isPart: true, part: null, tendered: null, isBack: false })}
              >
                {t("pay.onlyPart")}
              </Button>
            )}
            {form.tender === "card" && (
              <Button
                variant="subtle"
                color="gray"
                disabled={shut}
                onClick={() => set({ isBack: !isBack, onCard: null })}
              >
                {t(isBack ? "pay.noBack" : "pay.withBack")}
              </Button>
            )}
          </div>
        )}
      </div>
      {askCard.error !== null && (
        <p className={styles.problem} role="alert">
          {errorText(askCard.error).short}
        </p>
      )}
      {pay.error !== null && (
        <p className={styles.problem} role="alert">
          {isUnknown ? t("pay.unknown") : errorText(pay.error).short}
        </p>
      )}
      <Button type="submit" size="lg" fullWidth disabled={!ready && !isUnknown} loading={pay.isPending}>
        {isUnknown ? t("pay.again") : t(takes[form.tender], { amount: money(needed) })}
      </Button>
      {form.tender === "card" && !isBack && !isUnknown && (
        <Button
          variant="subtle"
          color="gray"
          disabled={!ready || pay.isPending}
          loading={askCard.isPending}
          onClick={() =>
            askCard.mutate({
              id: order.id,
              ...(check === null ? {} : { check_id: check.id }),
              amount_minor: amount ?? 0,
              ...(tip > 0 ? { tip_minor: tip } : {}),
            })
          }
        >
          {t("card.ask")}
        </Button>
      )}
    </form>
  );
}

/** The checks that still owe something, with what each owes. */
function Checks(props: { order: Order; picked: string; shut: boolean; onPick: (id: string) => void }) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  return (
    <div className={styles.checks} role="radiogroup" aria-label={t("pay.check")}>
      {props.order.checks.map((check) => (
        <label key={check.id} className={styles.check} data-paid={openOf(check) > 0 ? undefined : ""}>
          <input
            type="radio"
            name="check"
            checked={check.id === props.picked}
            disabled={props.shut || openOf(check) <= 0}
            onChange={() => props.onPick(check.id)}
          />
          <span>{check.number}</span>
          <b className="num">
            {openOf(check) > 0
              ? money(openOf(check))
              : t(check.pending_minor > 0 ? "card.waitsShort" : "totals.checkPaid")}
          </b>
        </label>
      ))}
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<"orders">>["t"];

function sumNote(
  t: Translate,
  money: (minor: number) => string,
  sum: { rounding: number; tip: number; total: number; paid: number },
): string {
  return [
    ...(sum.paid > 0 ? [t("pay.note.paid", { paid: money(sum.paid), total: money(sum.total) })] : []),
    ...(sum.rounding !== 0 ? [t("pay.note.rounding", { amount: money(sum.rounding) })] : []),
    ...(sum.tip > 0 ? [t("pay.note.tip", { amount: money(sum.tip) })] : []),
  ].join(" · ");
}
