// This menu for the owner's other restaurants: chosen, looked at, sent.
import { Button, Checkbox, Group } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuWouldTake } from "../api/types";
import { meQuery, useMembership, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { SkeletonRows } from "../kit/Skeletons";
import styles from "./editor.module.css";
import { useSendMenu } from "./moreCommands";
import { menuSendingQuery } from "./queries";

/** Who may bring in a menu there: the roles the engine lets do it. */
const SENDERS = ["owner", "admin", "manager"];

export function SendPart() {
  const { t } = useTranslation("menu");
  const here = useMembership();
  const others = (useQuery(meQuery).data?.restaurants ?? []).filter(
    (one) => one.id !== here?.id && SENDERS.includes(one.role),
  );
  const [chosen, setChosen] = useState<string[]>([]);
  if (others.length === 0) return null;
  return (
    <section className={styles.filePart} aria-label={t("send.title")}>
      <h2>{t("send.title")}</h2>
      <p className={styles.lite}>{t("send.text")}</p>
      <Checkbox.Group label={t("send.to")} value={chosen} onChange={setChosen}>
        <Group mt="xs" gap="md">
          {others.map((one) => {
            const isOther = one.currency !== here?.currency;
            return (
              <Checkbox
                key={one.id}
                value={one.id}
                disabled={isOther}
                label={isOther ? t("send.currency", { name: one.name, currency: one.currency }) : one.name}
              />
            );
          })}
        </Group>
      </Checkbox.Group>
      {chosen.length > 0 && <Look to={chosen} onSent={() => setChosen([])} />}
    </section>
  );
}

function Look(props: { to: string[]; onSent: () => void }) {
  const query = useQuery(menuSendingQuery(useRestaurantId(), props.to));
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={2} />}>
      {(would) => <Would would={would} {...props} />}
    </Answer>
  );
}

function Would(props: { would: MenuWouldTake[]; to: string[]; onSent: () => void }) {
  const { t } = useTranslation("menu");
  const { count } = useFormat();
  const errorText = useErrorText();
  const send = useSendMenu((took) => {
    say(t("send.done", { count: took.length }));
    props.onSent();
  });
  const changes = ({ categories, groups, items }: MenuWouldTake) =>
    [categories, groups, items].reduce((sum, one) => sum + one.new + one.changed, 0);
  return (
    <>
      <div role="status">
        <ul className={styles.would}>
          {props.would.map((one) => (
            <li key={one.restaurant_id}>
              <b>{one.name}</b>{" "}
              {changes(one) === 0
                ? t("send.same")
                : t("file.would", {
                    items: count(one.items.new),
                    changed: count(one.items.changed),
                    categories: count(one.categories.new),
                    groups: count(one.groups.new + one.groups.changed),
                  })}
            </li>
          ))}
        </ul>
      </div>
      {send.error !== null && (
        <p role="alert" className={styles.bad}>
          {errorText(send.error).short}
        </p>
      )}
      <div>
        <Button
          leftSection={<IconSend size={15} />}
          disabled={props.would.every((one) => changes(one) === 0)}
          loading={send.isPending}
          onClick={() => send.mutate({ to: props.to })}
        >
          {t("send.now")}
        </Button>
      </div>
    </>
  );
}
