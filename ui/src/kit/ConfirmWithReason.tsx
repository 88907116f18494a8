// Asks for the reason before something that stays in the record. Escape closes and keeps what was typed until
// the next opening; the button stays shut until a reason is given.
import { Button, Group, Modal, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/errors";
import { useErrorText } from "./errorText";

/** Longer reasons belong into a note. */
const REASON_MAX = 200;

export function ConfirmWithReason(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** Words on the button: the act itself, never "OK". */
  confirm: string;
  /** Ready reasons, one press each. */
  reasons?: string[];
  optional?: boolean;
  tone?: "accent" | "bad";
  pending?: boolean;
  error?: ApiError | null;
  /** Asked for besides the reason. */
  also?: ReactNode;
  /** Something of it is missing. */
  shut?: boolean;
  onConfirm: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const errorText = useErrorText();
  const given = reason.trim();
  const ready = (given !== "" || props.optional === true) && props.shut !== true;
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) props.onConfirm(given);
        }}
      >
        <div style={{ color: "var(--text-2)", marginBottom: "var(--s4)" }}>{props.text}</div>
        {props.reasons !== undefined && (
          <Group gap="sm" mb="md">
            {props.reasons.map((ready) => (
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
        )}
        <Textarea
          data-autofocus
          label={props.optional === true ? t("reason.labelOptional") : t("reason.label")}
          maxLength={REASON_MAX}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
              event.currentTarget.form?.requestSubmit();
          }}
          error={props.error ? errorText(props.error).short : undefined}
        />
        {props.also !== undefined && <div style={{ marginTop: "var(--s4)" }}>{props.also}</div>}
        <Group justify="flex-end" mt="lg" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {t("action.keep")}
          </Button>
          <Button
            type="submit"
            color={props.tone === "accent" ? "accent" : "bad"}
            disabled={!ready}
            loading={props.pending ?? false}
          >
            {props.confirm}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
