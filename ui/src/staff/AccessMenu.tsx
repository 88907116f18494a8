// How somebody gets in: their PIN, and a log-in for who had none.
import { ActionIcon, Button, Group, Menu, Modal, TextInput } from "@mantine/core";
import {
  IconDots,
  IconHourglassOff,
  IconLogin2,
  IconPassword,
  IconTrash,
  IconUserOff,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../api/types";
import { PinPad } from "../app/PinPad";
import { useErrorText } from "../kit/errorText";
import { say, useComplain } from "../kit/notify";
import { PasswordField } from "../kit/PasswordField";
import { useEndPinWait, useGiveLogIn, useSetPin } from "./commands";
import styles from "./staff.module.css";

export function AccessMenu(props: {
  person: Person;
  isMe: boolean;
  /** Null: nobody lets themselves go. */
  onLetGo: (() => void) | null;
}) {
  const { person, isMe, onLetGo } = props;
  const { t } = useTranslation("staff");
  const [doing, setDoing] = useState<"pin" | "logIn" | null>(null);
  const complain = useComplain();
  const remove = useSetPin(() => say(t("pin.removed", { name: person.name })));
  const endWait = useEndPinWait(() => say(t("pin.waitEnded")));
  const close = () => setDoing(null);
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t("pin.actions", { name: person.name })}
          >
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPassword size={15} />} onClick={() => setDoing("pin")}>
            {person.pin_set_ms == null ? t("pin.set") : t("pin.change")}
          </Menu.Item>
          {person.pin_set_ms != null && (
            <Menu.Item
              leftSection={<IconTrash size={15} />}
              onClick={() => remove.mutate({ id: person.id, pin: null }, { onError: complain })}
            >
              {t("pin.remove")}
            </Menu.Item>
          )}
          {person.email == null && (
            <Menu.Item leftSection={<IconLogin2 size={15} />} onClick={() => setDoing("logIn")}>
              {t("pin.logIn")}
            </Menu.Item>
          )}
          {isMe && (
            <Menu.Item
              leftSection={<IconHourglassOff size={15} />}
              onClick={() => endWait.mutate({ at: Date.now() })}
            >
              {t("pin.endWait")}
            </Menu.Item>
          )}
          {onLetGo !== null && (
            <>
              <Menu.Divider />
              <Menu.Item color="bad" leftSection={<IconUserOff size={15} />} onClick={onLetGo}>
                {t("deactivate")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {doing === "pin" && <NewPin person={person} onClose={close} />}
      {doing === "logIn" && <NewLogIn person={person} onClose={close} />}
    </>
  );
}

function NewPin({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation("staff");
  const { t: common } = useTranslation();
  const set = useSetPin(() => {
    say(t("pin.isSet", { name: person.name }));
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={t("pin.change")} size="xs">
      <PinPad
        label={t("pin.label", { name: person.name })}
        submit={common("action.save")}
        pending={set.isPending}
        error={set.error}
        onPin={(pin) => set.mutate({ id: person.id, pin })}
      />
    </Modal>
  );
}

function NewLogIn({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation("staff");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const give = useGiveLogIn(() => {
    say(t("pin.logInGiven", { name: person.name }));
    onClose();
  });
  const failed = give.error;
  const fieldError = (name: string) => (failed?.field === name ? failed.message : undefined);
  return (
    <Modal opened onClose={onClose} title={t("pin.logInTitle", { name: person.name })}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          give.mutate({ id: person.id, email: email.trim(), password });
        }}
      >
        <TextInput
          data-autofocus
          type="email"
          label={t("form.email")}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldError("email")}
        />
        <PasswordField
          label={t("form.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldError("password")}
        />
        {failed !== null && failed.field === null && (
          <p role="alert" className={styles.bad}>
            {errorText(failed).short}
          </p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={give.isPending}>
            {t("pin.logIn")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
