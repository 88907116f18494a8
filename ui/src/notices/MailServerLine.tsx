// Which server alerts are mailed through, in a line; another one, or none any more.
import { Button, Group, Modal } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { say, useComplain } from "../kit/notify";
import { useFocusBack } from "../kit/useFocusBack";
import { MailServerForm } from "./MailServerForm";
import styles from "./notices.module.css";
import { type MailServer, mailServerQuery } from "./queries";

export function MailServerLine({ mailboxes }: { mailboxes: number }) {
  const { t } = useTranslation("notices");
  const may = useMay();
  const { data } = useQuery(mailServerQuery(useRestaurantId()));
  const [isOpen, setOpen] = useState<"form" | "removal" | null>(null);
  if (data === undefined) return null;
  const server = data.server ?? null;
  const close = () => setOpen(null);
  return (
    <div className={styles.server}>
      <IconMail size={18} aria-hidden />
      <p>
        {server === null ? t("mail.unset") : t("mail.through", { host: server.host, sender: server.sender })}
        {server === null && <small>{t("mail.unsetWhy")}</small>}
      </p>
      {may("health.write") && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={t(server === null ? "mail.setUpOf" : "mail.changeOf")}
          onClick={() => setOpen("form")}
        >
          {t(server === null ? "mail.setUp" : "mail.change")}
        </Button>
      )}
      {may("health.write") && server !== null && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="bad"
          aria-label={t("mail.removeOf")}
          onClick={() => setOpen("removal")}
        >
          {t("mail.remove")}
        </Button>
      )}
      {isOpen === "form" && <MailServerForm before={server} onClose={close} />}
      {isOpen === "removal" && server !== null && (
        <Removal of={server} mailboxes={mailboxes} onClose={close} />
      )}
    </div>
  );
}

/** Asks before the server is forgotten: who is told nothing then. */
function Removal(props: { of: MailServer; mailboxes: number; onClose: () => void }) {
  const { t } = useTranslation("notices");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const client = useQueryClient();
  useFocusBack();
  const remove = useCommand({
    name: "notices.forgetServer",
    run: (_: string, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/alerts/mail", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      say(t("mail.removed"));
      void client.invalidateQueries({ queryKey: ["alerts", rid] });
      props.onClose();
    },
    onFailed: useComplain(),
  });
  return (
    <Modal opened onClose={props.onClose} title={t("mail.removeTitle", { host: props.of.host })}>
      <p className={styles.why}>
        {props.mailboxes === 0 ? t("mail.losesNone") : t("mail.loses", { count: props.mailboxes })}
      </p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          {common("action.cancel")}
        </Button>
        <Button color="bad" loading={remove.isPending} onClick={() => remove.mutate(props.of.host)}>
          {t("mail.remove")}
        </Button>
      </Group>
    </Modal>
  );
}
