// The server alerts are mailed through. What is refused is said at its field.
import { Modal, PasswordInput, Radio, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { useFocusBack } from "../kit/useFocusBack";
import { isWithin } from "../kit/within";
import styles from "./notices.module.css";
import {
  type MailSecurity,
  type MailServer,
  type MailSetting,
  mailServerQuery,
  type NewMailServer,
} from "./queries";

const USUAL_PORTS: Record<MailSecurity, number> = { tls: 465, starttls: 587, none: 25 };
const SECURITIES: MailSecurity[] = ["tls", "starttls", "none"];
const FIELDS = ["host", "port", "security", "user", "password", "sender"];
const PORT_MAX = 65_535;
const LENGTH_MAX = 255;

const nothing = { host: "", port: USUAL_PORTS.tls, security: "tls", user: "", sender: "" } as const;

export function MailServerForm(props: { before: MailServer | null; onClose: () => void }) {
  const { t } = useTranslation("notices");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const { before } = props;
  const [server, setServer] = useState(() => {
    const { host, port, security, user, sender } = before ?? nothing;
    return {
      host,
      port: port as number | string,
      security: security as MailSecurity,
      user: user ?? "",
      sender,
    };
  });
  const [password, setPassword] = useState("");
  useFocusBack();
  const save = useCommand<NewMailServer, MailSetting>({
    name: "notices.setServer",
    secret: true,
    run: (body, key) =>
      ask<MailSetting>(
        api.PUT("/api/v1/restaurants/{rid}/alerts/mail", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (fresh, { host }) => {
      client.setQueryData(mailServerQuery(rid).queryKey, fresh);
      void client.invalidateQueries({ queryKey: ["alerts", rid] });
      say(t("mail.saved", { host }));
      props.onClose();
    },
  });
  const said = (field: string) => (save.error?.field === field ? save.error.message : undefined);
  const text = (field: "host" | "user" | "sender") => ({
    label: t(`mail.form.${field}`),
    value: server[field],
    maxLength: LENGTH_MAX,
    spellCheck: false,
    autoCapitalize: "none",
    error: said(field),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setServer((now) => ({ ...now, [field]: value }));
    },
  });
  const choose = (security: MailSecurity) =>
    setServer((now) => {
      const isUsual = now.port === "" || now.port === USUAL_PORTS[now.security];
      return { ...now, security, port: isUsual ? USUAL_PORTS[security] : now.port };
    });
  return (
    <Modal opened onClose={props.onClose} title={t("mail.form.title")}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const { host, port, security, user, sender } = server;
          if (!isWithin(port, 1, PORT_MAX)) return;
          save.mutate({
            host: host.trim(),
            port: Number(port),
            security,
            sender: sender.trim(),
            ...(user !== "" && { user }),
            ...(password !== "" && { password }),
          });
        }}
      >
        <div className={styles.where}>
          <TextInput data-autofocus placeholder="mail.example.com" inputMode="url" {...text("host")} />
          <NumberField
            label={t("mail.form.port")}
            min={1}
            max={PORT_MAX}
            allowDecimal={false}
            hideControls
            value={server.port}
            error={said("port") === undefined ? undefined : t("mail.form.portRange", { max: PORT_MAX })}
            onChange={(port) => setServer((now) => ({ ...now, port }))}
          />
        </div>
        <Radio.Group
          label={t("mail.form.security")}
          value={server.security}
          error={said("security")}
          onChange={(security) => choose(security as MailSecurity)}
        >
          <div className={styles.securities}>
            {SECURITIES.map((security) => (
              <Radio
                key={security}
                value={security}
                label={t(`mail.form.${security}`)}
                description={t(`mail.form.${security}About`)}
              />
            ))}
          </div>
        </Radio.Group>
        <TextInput description={t("mail.form.userHint")} autoComplete="off" {...text("user")} />
        <PasswordInput
          label={t("mail.form.password")}
          description={t(before?.user == null ? "mail.form.passwordHint" : "mail.form.passwordKept")}
          autoComplete="new-password"
          maxLength={LENGTH_MAX}
          value={password}
          error={said("password")}
          visibilityToggleButtonProps={{ "aria-label": common("atTill.show") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <TextInput
          description={t("mail.form.senderHint")}
          placeholder="comanda@example.com"
          type="email"
          {...text("sender")}
        />
        <FormFoot
          error={FIELDS.includes(save.error?.field ?? "") ? null : save.error}
          isSaving={save.isPending}
          onCancel={props.onClose}
          remove={null}
        />
      </form>
    </Modal>
  );
}
