import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { startSession } from "../app/session";
import { useErrorText } from "../kit/errorText";
import styles from "./login.module.css";

export interface Credentials {
  email: string;
  password: string;
}

/** `onProven`: the password was right, and a second factor is asked for. */
export function LoginForm(props: { email: string; onProven: (credentials: Credentials) => void }) {
  const { t } = useTranslation("login");
  const errorText = useErrorText();
  const form = useForm({
    initialValues: { email: props.email, password: "" },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t("email.missing")),
      password: (value) => (value === "" ? t("password.missing") : null),
    },
  });
  const signIn = useCommand({
    name: "session.start",
    secret: true,
    run: (body: Credentials) => ask(api.POST("/api/v1/sessions", { body })),
    onDone: (answer) => startSession(answer.token, answer.me.restaurants[0]?.id ?? null),
    onFailed: (error, credentials) => {
      if (error.code === "second_factor_needed") return props.onProven(credentials);
      form.setFieldValue("password", "");
      form.getInputNode("password")?.focus();
    },
  });
  const refused = signIn.error;
  const isWrong = refused?.code === "unauthenticated" || refused?.code === "invalid_input";
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit(({ email, password }) => signIn.mutate({ email: email.trim(), password }))}
      noValidate
    >
      <TextInput
        label={t("email.label")}
        type="email"
        autoComplete="username"
        autoFocus={props.email === ""}
        size="md"
        key={form.key("email")}
        {...form.getInputProps("email")}
      />
      <PasswordInput
        label={t("password.label")}
        autoComplete="current-password"
        autoFocus={props.email !== ""}
        size="md"
        key={form.key("password")}
        {...form.getInputProps("password")}
      />
      <div role="alert" className={styles.refused}>
        {refused !== null &&
          (isWrong ? t("wrong") : `${errorText(refused).what}. ${errorText(refused).remedy}`)}
      </div>
      <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
        {t("submit")}
      </Button>
    </form>
  );
}
