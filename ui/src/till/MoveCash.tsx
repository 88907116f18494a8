// Cash in or out of the drawer for another reason than a guest: change from the bank, a crate of lemons, notes to the safe.
import { Button, Group, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NewCashMove } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { isAmount, useFormat } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { useMoveCash } from "./commands";
import styles from "./till.module.css";

const REASON_MAX = 200;
const kinds = ["pay_in", "pay_out", "drop"] as const;

/** The engine wants to know whether it is meant; what should lie in the drawer, for who is told. */
function askedIn(details: Record<string, unknown> | null): { expected: number | null } | null {
  if (details?.["confirm"] !== true) return null;
  const expected = details["expected_minor"];
  return { expected: typeof expected === "number" ? expected : null };
}

export function MoveCash(props: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("till");
  const { t: common } = useTranslation();
  const { money } = useFormat();
  const errorText = useErrorText();
  const [kind, setKind] = useState<NewCashMove["kind"]>("pay_out");
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const command = useMoveCash(() => {
    setAmount(null);
    setReason("");
    props.onClose();
  });
  // What was asked about is this sum, this way; another one is asked about anew.
  const sent = command.variables;
  const asked =
    sent?.kind === kind && sent.amount_minor === amount ? askedIn(command.error?.details ?? null) : null;
  const ready = isAmount(amount) && amount > 0 && reason.trim() !== "";
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t("move.title")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          const confirmed = asked === null ? {} : { confirmed: true };
          if (ready) command.mutate({ kind, amount_minor: amount, reason: reason.trim(), ...confirmed });
        }}
      >
        <SegmentedControl
          fullWidth
          aria-label={t("move.kind")}
          value={kind}
          onChange={(value) => setKind(kinds.find((one) => one === value) ?? "pay_out")}
          data={kinds.map((value) => ({ value, label: t(`move.${value}`) }))}
        />
        <MoneyInput data-autofocus size="md" label={t("move.amount")} value={amount} onChange={setAmount} />
        <TextInput
          required
          label={t("move.reason")}
          maxLength={REASON_MAX}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {command.error !== null && asked === null && (
          <p className={styles.problem} role="alert">
            {errorText(command.error).short}
          </p>
        )}
        {asked !== null && (
          <p className={styles.problem} role="alert">
            {asked.expected === null
              ? t("move.large")
              : t("move.tooMuch", { expected: money(asked.expected) })}
          </p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {common("action.keep")}
          </Button>
          <Button
            type="submit"
            color={asked === null ? "accent" : "bad"}
            disabled={!ready}
            loading={command.isPending}
          >
            {!isAmount(amount)
              ? t("move.title")
              : t(asked === null ? `move.do_${kind}` : `move.sure_${kind}`, { amount: money(amount) })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
