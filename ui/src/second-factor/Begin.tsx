// Off: what it is, and one's own password to begin.
import { PasswordInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { FormFoot } from "../kit/FormFoot";
import type { Begun } from "./queries";
import styles from "./second-factor.module.css";

export function Begin({ onBegun }: { onBegun: (begun: Begun) => void }) {
  const { t } = useTranslation("second-factor");
  const field = useRef<HTMLInputElement>(null);
  const [password, setPassword] = useState("");
  const [isWrong, setWrong] = useState(false);
  const sayWrong = () => {
    setWrong(true);
    setPassword("");
    field.current?.focus();
  };
  const begin = useCommand({
    name: "second-factor.begin",
    secret: true,
    run: (body: { password: string }) => ask<Begun>(api.POST("/api/v1/me/second-factor", { body })),
    onDone: onBegun,
    onFailed: (error) => {
      if (error.field === "password") sayWrong();
    },
  });
  return (
    <form
      className={styles.step}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (password === "") sayWrong();
        else begin.mutate({ password });
      }}
    >
      <p className={styles.text}>{t("off.what")}</p>
      <PasswordInput
        ref={field}
        autoFocus
        data-autofocus
        label={t("off.password")}
        autoComplete="current-password"
        value={password}
        error={isWrong ? t("wrong.password") : undefined}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
          setWrong(false);
        }}
      />
      <FormFoot
        error={begin.error?.field === "password" ? null : begin.error}
        isSaving={begin.isPending}
        save={t("off.next")}
        remove={null}
      />
    </form>
  );
}
