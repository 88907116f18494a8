// Card payments the terminal has not answered yet: what it said is noted here. Until then the sum is due to nobody
// else and the order stays open.
import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { useNow } from "../kit/useNow";
import { type Attempt, useEndCard, waiting } from "./cards";
import styles from "./pay.module.css";

const REFERENCE_MAX = 60;

export function WaitingCards(props: { order: Order; onCaptured: (order: Order) => void }) {
  return (
    <>
      {waiting(props.order).map((attempt) => (
        <One key={attempt.id} order={props.order} attempt={attempt} onCaptured={props.onCaptured} />
      ))}
    </>
  );
}

function One(props: { order: Order; attempt: Attempt; onCaptured: (order: Order) => void }) {
  const { t } = useTranslation("orders");
  const { money, time, span } = useFormat();
  const errorText = useErrorText();
  const now = useNow(5000);
  const { order, attempt } = props;
  const [reference, setReference] = useState("");
  const end = useEndCard((after, how) => {
    if (how === "capture") props.onCaptured(after);
  });
  const run = (how: "capture" | "fail" | "void") =>
    end.mutate({
      id: order.id,
      attempt: attempt.id,
      how,
      reference: reference.trim(),
      reason: how === "fail" ? t("card.declined") : t("card.givenUp"),
    });
  return (
    <section className={styles.waiting} aria-label={t("card.waits")}>
      <p className="num">
        <b>{t("card.waitsFor", { amount: money(attempt.amount_minor + attempt.tip_minor) })}</b>
        <small>
          {t("card.since", {
            name: attempt.begun_by_name,
            time: time(attempt.begun_at_ms),
            age: span(now - attempt.begun_at_ms),
          })}
        </small>
      </p>
      <TextInput
        label={t("pay.reference")}
        maxLength={REFERENCE_MAX}
        autoComplete="off"
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      {end.error !== null && (
        <p className={styles.problem} role="alert">
          {errorText(end.error).short}
        </p>
      )}
      <Group gap="sm">
        <Button loading={end.isPending && end.variables.how === "capture"} onClick={() => run("capture")}>
          {t("card.capture")}
        </Button>
        <Button
          variant="default"
          loading={end.isPending && end.variables.how === "fail"}
          onClick={() => run("fail")}
        >
          {t("card.fail")}
        </Button>
        <Button
          variant="subtle"
          color="gray"
          loading={end.isPending && end.variables.how === "void"}
          onClick={() => run("void")}
        >
          {t("card.void")}
        </Button>
      </Group>
    </section>
  );
}
