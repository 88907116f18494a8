// One more who is told: where, of what; then, of a web address, the secret that proves it is us, this once.
import { Button, Modal, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import { ShownOnce } from "../kit/ShownOnce";
import { useFocusBack } from "../kit/useFocusBack";
import { MailServerForm } from "./MailServerForm";
import styles from "./notices.module.css";
import { type AddedNoticeTarget, mailServerQuery, type NewNoticeTarget } from "./queries";

const FIELDS = ["name", "address"];
const MAIL_SCHEME = "mailto:";

export function AddTarget({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("notices");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<"web" | "mail">("web");
  const [address, setAddress] = useState("");
  const [mailbox, setMailbox] = useState("");
  const [onlyCritical, setOnlyCritical] = useState(false);
  const [isSettingUp, setSettingUp] = useState(false);
  const mail = useQuery(mailServerQuery(rid)).data;
  useFocusBack();
  const lookAgain = () => void client.invalidateQueries({ queryKey: ["alerts", rid] });
  const add = useCommand<NewNoticeTarget, AddedNoticeTarget>({
    name: "notices.add",
    secret: true,
    run: (body, key) =>
      ask<AddedNoticeTarget>(
        api.POST("/api/v1/restaurants/{rid}/alerts/targets", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (added) => {
      lookAgain();
      if (added.secret != null) return;
      say(t("added", { name: added.target.name }));
      onClose();
    },
    onFailed: lookAgain,
  });
  const said = (field: string) => (add.error?.field === field ? add.error.message : undefined);
  const isSaid = FIELDS.includes(add.error?.field ?? "");
  const secret = add.data?.secret ?? null;
  if (isSettingUp) return <MailServerForm before={null} onClose={() => setSettingUp(false)} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={secret === null ? t("form.title") : t("made.title", { name })}
      closeOnClickOutside={secret === null}
      closeOnEscape={secret === null}
    >
      {secret !== null ? (
        <ShownOnce secret={secret} label={t("made.label")} how={t("made.how")} onClose={onClose} />
      ) : (
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const to = kind === "mail" ? `${MAIL_SCHEME}${mailbox.trim()}` : address;
            add.mutate({ name, address: to, only_critical: onlyCritical });
          }}
        >
          <SegmentedControl
            aria-label={t("form.kind")}
            value={kind}
            onChange={(value) => {
              setKind(value === "mail" ? "mail" : "web");
              add.reset();
            }}
            data={[
              { value: "web", label: t("form.web") },
              { value: "mail", label: t("form.mail") },
            ]}
          />
          <TextInput
            data-autofocus
            label={t("form.name")}
            value={name}
            maxLength={120}
            error={said("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {kind === "web" ? (
            <TextInput
              label={t("form.address")}
              description={t("form.addressHint")}
              type="url"
              inputMode="url"
              value={address}
              maxLength={1024}
              error={said("address")}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
          ) : (
            <>
              {mail !== undefined && mail.server == null && (
                <div className={styles.needed} role="status">
                  <p>{t("mail.needed")}</p>
                  <Button variant="default" onClick={() => setSettingUp(true)}>
                    {t("mail.setUpOf")}
                  </Button>
                </div>
              )}
              <TextInput
                label={t("form.mailbox")}
                placeholder="boss@example.com"
                type="email"
                value={mailbox}
                maxLength={255}
                error={said("address")}
                onChange={(event) => setMailbox(event.currentTarget.value)}
              />
            </>
          )}
          <Switch
            label={t("form.onlyCritical")}
            checked={onlyCritical}
            onChange={(event) => setOnlyCritical(event.currentTarget.checked)}
          />
          <FormFoot
            error={isSaid ? null : add.error}
            isSaving={add.isPending}
            save={common("action.add")}
            onCancel={onClose}
            remove={null}
          />
        </form>
      )}
    </Modal>
  );
}
