// Password and code once more, for new recovery codes or to switch off.
import { PasswordInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "../api/useCommand";
import { isWholeCode } from "../kit/code";
import { CodeField } from "../kit/CodeField";
import { FormFoot } from "../kit/FormFoot";
import styles from "./second-factor.module.css";

export interface Proof {
  password: string;
  code: string;
}

export function Prove<R>(props: {
  what: "renew" | "end";
  run: (proof: Proof) => Promise<R>;
  onDone: (answer: R) => void;
  onBack: () => void;
}) {
  const { what } = props;
  const { t } = useTranslation("second-factor");
  const password = useRef<HTMLInputElement>(null);
  const code = useRef<HTMLInputElement>(null);
  const [proof, setProof] = useState<Proof>({ password: "", code: "" });
  const [problem, setProblem] = useState<"password" | "code" | "short" | null>(null);
  const isAt = (field: string | null | undefined) => field === "password" || field === "code";
  const prove = useCommand({
    name: `second-factor.${what}`,
    secret: true,
    run: props.run,
    onDone: props.onDone,
    onFailed: ({ field }) => {
      if (field !== "password" && field !== "code") return;
      setProblem(field);
      setProof((before) => ({ ...before, [field]: "" }));
      (field === "password" ? password : code).current?.focus();
    },
  });
  const slip = () => (proof.password === "" ? "password" : isWholeCode(proof.code) ? null : "short");
  return (
    <form
      className={styles.step}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = slip();
        setProblem(found);
        if (found === null) prove.mutate(proof);
        else (found === "password" ? password : code).current?.focus();
      }}
    >
      <p className={styles.text}>{t(`prove.${what}`)}</p>
      <PasswordInput
        ref={password}
        autoFocus
        label={t("prove.password")}
        autoComplete="current-password"
        value={proof.password}
        error={problem === "password" ? t("wrong.password") : undefined}
        onChange={(event) => {
          setProof({ ...proof, password: event.currentTarget.value });
          setProblem(null);
        }}
      />
      <CodeField
        ref={code}
        label={t("prove.code")}
        description={t("prove.codeHint")}
        letters
        value={proof.code}
        error={problem === "code" || problem === "short" ? t(`wrong.${problem}`) : undefined}
        onChange={(event) => {
          setProof({ ...proof, code: event.currentTarget.value });
          setProblem(null);
        }}
      />
      <FormFoot
        error={isAt(prove.error?.field) ? null : prove.error}
        isSaving={prove.isPending}
        save={t(`on.${what}`)}
        remove={null}
        onCancel={props.onBack}
      />
    </form>
  );
}
