// What the authenticator needs, as a picture and as letters, and the first code that proves that it has it.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { CopyButton, CopyStatus } from "../kit/CopyButton";
import { CodeField } from "../kit/CodeField";
import { FormFoot } from "../kit/FormFoot";
import { QrCode } from "../kit/QrCode";
import { useCopy } from "../kit/useCopy";
import type { Begun, RecoveryCodes } from "./queries";
import styles from "./second-factor.module.css";

export function Scan(props: { begun: Begun; onDone: (codes: RecoveryCodes) => void; onBack: () => void }) {
  const { secret, uri } = props.begun;
  const { t } = useTranslation("second-factor");
  const field = useRef<HTMLInputElement>(null);
  const key = useRef<HTMLOutputElement>(null);
  const [copied, copy] = useCopy(key);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<"code" | "digits" | null>(null);
  // On a narrow screen the picture stays in view above the field.
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const confirm = useCommand({
    name: "second-factor.confirm",
    secret: true,
    run: (body: { code: string }) =>
      ask<RecoveryCodes>(api.POST("/api/v1/me/second-factor/confirm", { body })),
    onDone: props.onDone,
    onFailed: (error) => {
      if (error.field !== "code") return;
      setProblem("code");
      setCode("");
      field.current?.focus();
    },
  });
  return (
    <form
      className={styles.step}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (/^\d{6}$/.test(code.replace(/\s/g, ""))) return confirm.mutate({ code });
        setProblem("digits");
        field.current?.focus();
      }}
    >
      <div className={styles.scan}>
        <QrCode text={uri} label={t("scan.picture")} />
        <div>
          <p>{t("scan.how")}</p>
          <p className={styles.text}>{t("scan.byHand")}</p>
          <output ref={key} className={styles.key} aria-label={t("scan.key")}>
            {secret.match(/.{1,4}/g)?.join(" ")}
          </output>
          <CopyButton
            size="compact-sm"
            copied={copied}
            label={t("scan.copy")}
            onCopy={() => void copy(secret)}
          />
          <CopyStatus copied={copied} />
        </div>
      </div>
      <CodeField
        ref={field}
        label={t("scan.code")}
        description={t("scan.codeHint")}
        value={code}
        error={problem === null ? undefined : t(`wrong.${problem}`)}
        onChange={(event) => {
          setCode(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <FormFoot
        error={confirm.error?.field === "code" ? null : confirm.error}
        isSaving={confirm.isPending}
        save={t("scan.on")}
        remove={null}
        onCancel={props.onBack}
      />
    </form>
  );
}
