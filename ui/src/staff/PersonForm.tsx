import { Button, Group, Modal, PasswordInput, Radio, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import { missingRules } from "../kit/password";
import { PasswordField } from "../kit/PasswordField";
import { type NewPerson, useAddPerson } from "./commands";
import { roles } from "./roles";
import styles from "./staff.module.css";

interface Values {
  name: string;
  role: Role;
  hasLogIn: boolean;
  email: string;
  password: string;
  pin: string;
}

/** What is asked of the engine: no log-in without an address. */
function wish(values: Values): NewPerson {
  const { name, role, hasLogIn, email, password, pin } = values;
  return {
    name: name.trim(),
    role,
    ...(hasLogIn ? { email: email.trim(), password } : {}),
    ...(pin === "" ? {} : { pin }),
  };
}

export function PersonForm(props: { onClose: () => void }) {
  const { t } = useTranslation("staff");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const form = useForm<Values>({
    initialValues: { name: "", role: "waiter", hasLogIn: true, email: "", password: "", pin: "" },
    validate: {
      name: (value) => (value.trim() === "" ? t("form.nameMissing") : null),
      email: (value, { hasLogIn }) =>
        !hasLogIn || /^\S+@\S+$/.test(value.trim()) ? null : t("form.emailMissing"),
      password: (value, { hasLogIn }) =>
        hasLogIn && missingRules(value).length > 0 ? t("form.passwordWeak") : null,
      pin: (value, { hasLogIn }) =>
        /^\d{4,8}$/.test(value) || (value === "" && hasLogIn) ? null : t("form.pinWeak"),
    },
  });
  const add = useAddPerson((person) => {
    say(t("form.added", { name: person.name }));
    props.onClose();
  });
  const failed = add.error;
  const field = failed?.field ?? null;
  const isOurs = field === "name" || field === "email" || field === "password" || field === "pin";
  const fieldError = (name: string) => (field === name ? failed?.message : undefined);
  return (
    <Modal opened onClose={props.onClose} title={t("add")} size="lg">
      <form className={styles.form} noValidate onSubmit={form.onSubmit((values) => add.mutate(wish(values)))}>
        <div className={styles.pair}>
          <TextInput
            data-autofocus
            label={t("form.name")}
            maxLength={120}
            autoComplete="off"
            {...form.getInputProps("name")}
            error={form.errors["name"] ?? fieldError("name")}
          />
          <PasswordInput
            label={t("form.pin")}
            description={t("form.pinWhy")}
            inputMode="numeric"
            autoComplete="off"
            maxLength={8}
            visibilityToggleButtonProps={{ "aria-label": common("atTill.show") }}
            {...form.getInputProps("pin")}
            error={form.errors["pin"] ?? fieldError("pin")}
          />
        </div>
        <Radio.Group
          label={t("form.role")}
          {...form.getInputProps("role")}
          onChange={(role) => form.setFieldValue("role", role as Role)}
        >
          <div className={styles.roles}>
            {roles.map((role) => (
              <Radio key={role} value={role} label={common(`role.${role}`)} description={t(`does.${role}`)} />
            ))}
          </div>
        </Radio.Group>
        <Switch
          label={t("form.hasLogIn")}
          description={t("form.hasLogInWhy")}
          {...form.getInputProps("hasLogIn", { type: "checkbox" })}
        />
        {form.values.hasLogIn && (
          <>
            <TextInput
              label={t("form.email")}
              type="email"
              autoComplete="off"
              {...form.getInputProps("email")}
              error={form.errors["email"] ?? fieldError("email")}
            />
            <PasswordField
              label={t("form.password")}
              {...form.getInputProps("password")}
              value={form.values.password}
              error={form.errors["password"] ?? fieldError("password")}
            />
            <p className={styles.note}>{t("form.passwordWhy")}</p>
          </>
        )}
        {failed !== null && !isOurs && (
          <p role="alert" className={styles.bad}>
            {errorText(failed).short}
          </p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t("form.submit")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
