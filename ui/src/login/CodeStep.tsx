// The second step of signing in: the password was right, and this person has a second factor. The engine keeps nothing
// between the two, so the password is sent again with the code.
import { Button, Group } from "@mantine/core";
import { type SubmitEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { startSession } from "../app/session";
import { isWholeCode } from "../kit/code";
import { CodeField } from "../kit/CodeField";
import { useErrorText } from "../kit/errorText";
import type { Credentials } from "./LoginForm";
import styles from "./login.module.css";

export function CodeStep({ proven, onBack }: { proven: Credentials; onBack: () => void }) {
  const { t } = useTranslation("login");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState("");
  const [isRecovery, setRecovery] = useState(false);
  const [problem, setProblem] = useState<"missing" | "wrong" | null>(null);
  const signIn = useCommand({
    name: "session.start",
    secret: true,
    run: (body: Credentials & { code: string }) => ask(api.POST("/api/v1/sessions", { body })),
    onDone: (answer) => startSession(answer.token, answer.me.restaurants[0]?.id ?? null),
    onFailed: (error) => {
      if (error.field !== "code") return;
      setProblem("wrong");
      setCode("");
      field.current?.focus();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isWholeCode(code)) return signIn.mutate({ ...proven, code });
    setProblem("missing");
    field.current?.focus();
  };
  const refused = signIn.error?.field === "code" ? null : signIn.error;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <CodeField
        ref={field}
        label={t("code.label")}
        description={t(isRecovery ? "code.recoveryHint" : "code.hint")}
        letters={isRecovery}
        autoFocus
        size="md"
        value={code}
        error={problem === null ? undefined : t(`code.${problem}`)}
        onChange={(event) => {
          setCode(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <div role="alert" className={styles.refused}>
        {refused !== null &&
          (refused.code === "unauthenticated"
            ? t("wrong")
            : `${errorText(refused).what}. ${errorText(refused).remedy}`)}
      </div>
      <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
        {t("submit")}
      </Button>
      <Group justify="space-between">
        <Button variant="transparent" color="gray" size="xs" px={0} onClick={onBack}>
          {common("action.back")}
        </Button>
        <Button
          variant="transparent"
          color="gray"
          size="xs"
          px={0}
          onClick={() => {
            setRecovery(!isRecovery);
            field.current?.focus();
          }}
        >
          {t(isRecovery ? "code.useApp" : "code.useRecovery")}
        </Button>
      </Group>
      {isRecovery && (
        <p className={styles.help}>
          {t("code.noneLeft")} <code>comanda password --without-second-factor</code>
        </p>
      )}
    </form>
  );
}
