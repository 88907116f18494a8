// Somebody who may approve says so where the order is: with a PIN, or with e-mail and password. Wrong ones wait
// with the wrong PINs of the lock screen.
import { PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/errors";
import styles from "./reduce.module.css";
import type { Approval } from "./steps";

const PIN_MIN = 4;
const PIN_MAX = 8;

export interface Approving {
  way: "pin" | "password";
  pin: string;
  email: string;
  secret: string;
}
export const nobody: Approving = { way: "pin", pin: "", email: "", secret: "" };

/** What goes with the request; null while something is missing. */
export function approvalOf(given: Approving): Approval | null {
  if (given.way === "pin") return given.pin.length >= PIN_MIN ? { pin: given.pin } : null;
  const email = given.email.trim();
  return email !== "" && given.secret !== "" ? { email, secret: given.secret } : null;
}

/** Whether the engine asks for an approval, or says that the one given is none. */
export const isAboutApproval = (error: ApiError | null) => error !== null && error.field === "approval";

export function Approve(props: {
  given: Approving;
  onChange: (given: Approving) => void;
  error: ApiError | null;
}) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const { given } = props;
  const set = (change: Partial<Approving>) => props.onChange({ ...given, ...change });
  const problem = useProblem(props.error);
  return (
    <fieldset className={styles.approval}>
      <legend>{t("approve.title")}</legend>
      <SegmentedControl
        size="xs"
        aria-label={t("approve.way")}
        value={given.way}
        onChange={(way) => set({ way: way === "password" ? "password" : "pin" })}
        data={[
          { value: "pin", label: t("approve.pin") },
          { value: "password", label: t("approve.password") },
        ]}
      />
      {given.way === "pin" ? (
        <PasswordInput
          label={t("approve.theirPin")}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={PIN_MAX}
          visibilityToggleButtonProps={{ "aria-label": common("atTill.show") }}
          value={given.pin}
          onChange={(event) => set({ pin: event.currentTarget.value.replace(/\D/g, "").slice(0, PIN_MAX) })}
        />
      ) : (
        <>
          <TextInput
            label={t("approve.email")}
            type="email"
            autoComplete="off"
            value={given.email}
            onChange={(event) => set({ email: event.currentTarget.value })}
          />
          <PasswordInput
            label={t("approve.secret")}
            autoComplete="off"
            value={given.secret}
            onChange={(event) => set({ secret: event.currentTarget.value })}
          />
        </>
      )}
      {problem !== null && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

function useProblem(error: ApiError | null): string | null {
  const { t } = useTranslation("orders");
  if (error === null || error.field !== "approval") return null;
  if (error.code === "too_many_requests")
    return t("approve.wait", { count: Number(error.details?.["wait_s"] ?? 30) });
  const left = error.details?.["tries_left"];
  return typeof left === "number" ? t("approve.wrong", { count: left }) : t("approve.needs");
}
