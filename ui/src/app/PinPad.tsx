// A PIN by keyboard or by finger. Wrong ones say how many tries are left, and then how long to wait.
import { Button, PasswordInput } from "@mantine/core";
import { IconBackspace } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/errors";
import { useErrorText } from "../kit/errorText";
import { useNow } from "../kit/useNow";
import styles from "./at-till.module.css";

const PIN_MIN = 4;
const PIN_MAX = 8;
const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function PinPad(props: {
  label: string;
  submit: string;
  pending: boolean;
  error: ApiError | null;
  onPin: (pin: string) => void;
}) {
  const { t } = useTranslation();
  const { error } = props;
  const [pin, setPin] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const wait = useWait(error);
  const complaint = useComplaint(error, wait);
  // A wrong PIN is typed anew, not mended.
  const [seen, setSeen] = useState<ApiError | null>(null);
  if (error !== seen) {
    setSeen(error);
    if (error !== null) setPin("");
  }
  // At first, and after a wrong one.
  useEffect(() => field.current?.focus(), [error]);
  const type = (digit: string) => setPin((now) => (now + digit).slice(0, PIN_MAX));
  const ready = pin.length >= PIN_MIN && wait === 0;
  return (
    <form
      className={styles.pad}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !props.pending) props.onPin(pin);
      }}
    >
      <PasswordInput
        ref={field}
        data-autofocus
        label={props.label}
        size="md"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={PIN_MAX}
        visibilityToggleButtonProps={{ "aria-label": t("atTill.show") }}
        value={pin}
        onChange={(event) => setPin(event.currentTarget.value.replace(/\D/g, "").slice(0, PIN_MAX))}
        error={complaint}
      />
      <div className={styles.keys} role="group" aria-label={t("atTill.keys")}>
        {digits.map((digit) => (
          <button key={digit} type="button" onClick={() => type(digit)}>
            {digit}
          </button>
        ))}
        <button
          type="button"
          aria-label={t("atTill.delete")}
          onClick={() => setPin((now) => now.slice(0, -1))}
        >
          <IconBackspace size={20} stroke={1.7} aria-hidden />
        </button>
        <button type="button" onClick={() => type("0")}>
          0
        </button>
        <Button type="submit" h="100%" px="xs" disabled={!ready} loading={props.pending}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}

/** Seconds until the next try is taken. */
function useWait(error: ApiError | null): number {
  const now = useNow();
  const [since, setSince] = useState<{ error: ApiError; at: number } | null>(null);
  if (error !== null && since?.error !== error) setSince({ error, at: now });
  const seconds = error?.code === "too_many_requests" ? Number(error.details?.["wait_s"] ?? 30) : 0;
  const began = since?.error === error ? since?.at : undefined;
  return began === undefined ? seconds : Math.max(0, Math.ceil(seconds - (now - began) / 1000));
}

/** Null: nothing is wrong. */
function useComplaint(error: ApiError | null, wait: number): string | null {
  const { t } = useTranslation();
  const errorText = useErrorText();
  if (error === null) return null;
  if (error.code === "too_many_requests") return wait > 0 ? t("atTill.wait", { count: wait }) : null;
  if (error.code === "forbidden") {
    const left = Number(error.details?.["tries_left"] ?? 0);
    return left === 0 ? t("atTill.wrongLast") : t("atTill.wrong", { count: left });
  }
  if (error.field === "pin") return error.message;
  const text = errorText(error);
  return `${text.what}. ${text.why}`;
}
