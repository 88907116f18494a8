// A new password with its rules below, each ticked off while one types.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { IconCheck, IconPoint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type PasswordRule, passwordRules } from "./password";
import styles from "./kit.module.css";

export function PasswordField(props: PasswordInputProps & { value: string }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      autoComplete="new-password"
      {...props}
      inputWrapperOrder={["label", "input", "error", "description"]}
      description={
        <span className={styles.rules}>
          {(Object.keys(passwordRules) as PasswordRule[]).map((rule) => {
            const isMet = passwordRules[rule](props.value);
            return (
              <span key={rule} data-met={isMet ? "" : undefined}>
                {isMet ? (
                  <IconCheck size={13} stroke={2.4} aria-hidden />
                ) : (
                  <IconPoint size={13} aria-hidden />
                )}
                {t(`password.${rule}`)}
                {isMet && <span className="visually-hidden">{t("password.met")}</span>}
              </span>
            );
          })}
        </span>
      }
    />
  );
}
