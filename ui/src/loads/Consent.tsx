// Before the first request: who will be asked how hard, what it writes, and the host typed by hand.
import { Button, Group, Modal, PasswordInput, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { engineOrigin } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { sessionToken } from "../app/session";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import styles from "./loads.module.css";
import { writes } from "./model";
import { beginRun, type Checked, type Going } from "./queries";
import type { Plan } from "./types";

interface Wish {
  plan: Plan;
  secrets: Record<string, string>;
  agreed_host: string;
}

export function Consent(props: {
  plan: Plan;
  checked: Checked;
  onClose: () => void;
  onBegun: (id: string) => void;
}) {
  const { plan, checked } = props;
  const { t } = useTranslation("loads");
  const { count, span } = useFormat();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const [host, setHost] = useState("");
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const isOwn = isOwnOrigin(plan.target);
  const [ownSession, setOwnSession] = useState(isOwn);
  const begin = useCommand<Wish, Going>({
    name: "loads.run",
    // The values of secrets are in it.
    secret: true,
    run: (wish, key) => beginRun(rid, wish, key),
    onDone: (going) => props.onBegun(going.id),
  });
  const asked = checked.secrets.filter((name) => !(ownSession && name === "token"));
  const given: Record<string, string> = Object.fromEntries(asked.map((name) => [name, secrets[name] ?? ""]));
  if (ownSession && checked.secrets.includes("token")) given["token"] = sessionToken() ?? "";
  const agreed = host.trim().toLowerCase() === checked.host.toLowerCase();
  const complete = Object.values(given).every((value) => value !== "");
  const changed = writes(plan);
  const failed = begin.error === null ? null : errorText(begin.error);
  return (
    <Modal opened onClose={props.onClose} title={t("consent.title", { name: plan.name })}>
      <form
        className={styles.consent}
        onSubmit={(event) => {
          event.preventDefault();
          if (agreed && complete) begin.mutate({ plan, secrets: given, agreed_host: host.trim() });
        }}
      >
        <p>
          {t("consent.text", {
            host: checked.host,
            peak: t(checked.is_closed ? "consent.users" : "consent.rate", { peak: count(checked.peak) }),
            span: span(checked.for_s * 1000),
          })}
        </p>
        {changed.length > 0 && (
          <p className={styles.warning}>{t("consent.writes", { steps: changed.join(", ") })}</p>
        )}
        {isOwn && checked.secrets.includes("token") && (
          <Switch
            label={t("consent.ownSession")}
            description={t("consent.ownSessionHint")}
            checked={ownSession}
            onChange={(event) => setOwnSession(event.currentTarget.checked)}
          />
        )}
        {asked.map((name) => (
          <PasswordInput
            key={name}
            label={t("consent.secret", { name })}
            autoComplete="off"
            value={secrets[name] ?? ""}
            onChange={(event) => setSecrets({ ...secrets, [name]: event.currentTarget.value })}
          />
        ))}
        <TextInput
          data-autofocus
          label={t("consent.host", { host: checked.host })}
          autoComplete="off"
          spellCheck={false}
          value={host}
          onChange={(event) => setHost(event.currentTarget.value)}
          error={failed === null ? undefined : failed.short}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {t("consent.keep")}
          </Button>
          <Button type="submit" disabled={!agreed || !complete} loading={begin.isPending}>
            {t("consent.run")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function isOwnOrigin(target: string): boolean {
  try {
    const own = engineOrigin() === "" ? window.location.origin : engineOrigin();
    return new URL(target).origin === new URL(own).origin;
  } catch {
    return false;
  }
}
