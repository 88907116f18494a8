// One's own password, changed with the one there is. The other sessions end; this one goes on.
import { Button, Modal, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import { missingRules } from "../kit/password";
import { PasswordField } from "../kit/PasswordField";

export function ChangePassword(props: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const form = useForm({
    mode: "controlled",
    initialValues: { current_password: "", new_password: "" },
    validate: {
      current_password: (value) => (value === "" ? t("ownPassword.wrong") : null),
      new_password: (value) => (missingRules(value).length === 0 ? null : t("ownPassword.weak")),
    },
  });
  const close = () => {
    form.reset();
    change.reset();
    props.onClose();
  };
  const change = useCommand({
    name: "me.password",
    secret: true,
    run: (body: { current_password: string; new_password: string }, key) =>
      ask(api.PUT("/api/v1/me/password", { params: { header: { "Idempotency-Key": key } }, body })),
    onDone: () => {
      say(t("ownPassword.done"));
      close();
    },
    onFailed: (error) => {
      if (error.field !== "current_password") return;
      form.setValues({ current_password: "" });
      form.setFieldError("current_password", t("ownPassword.wrong"));
      form.getInputNode("current_password")?.focus();
    },
  });
  const refused = change.error?.field === "current_password" ? null : change.error;
  return (
    <Modal opened={props.opened} onClose={close} title={t("ownPassword.title")}>
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack gap="md">
          <p style={{ margin: 0, color: "var(--text-2)" }}>{t("ownPassword.text")}</p>
          <PasswordInput
            data-autofocus
            label={t("ownPassword.current")}
            autoComplete="current-password"
            {...form.getInputProps("current_password")}
          />
          <PasswordField
            label={t("ownPassword.new")}
            {...form.getInputProps("new_password")}
            value={form.values.new_password}
          />
          {refused !== null && (
            <p role="alert" style={{ margin: 0, color: "var(--bad)" }}>
              {errorText(refused).short}
            </p>
          )}
          <Button type="submit" loading={change.isPending}>
            {t("ownPassword.save")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
