// Who is told of alerts outside the window, whether it arrives, a test of it, and one more or less.
import { Button } from "@mantine/core";
import { IconPlus, IconSend, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { say, useComplain, warn } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { AddTarget } from "./AddTarget";
import { MailServerLine } from "./MailServerLine";
import styles from "./notices.module.css";
import { isMail, mailServerQuery, type NoticeTarget, type NoticeTried, noticeTargetsQuery } from "./queries";
import { useWhy } from "./useWhy";

const TONES: Record<NoticeTarget["standing"] | "no_server", Tone> = {
  new: "mute",
  arrives: "ok",
  failing: "warn",
  given_up: "bad",
  no_server: "bad",
};

export function Targets() {
  const { t } = useTranslation("notices");
  const may = useMay();
  const { data } = useQuery(noticeTargetsQuery(useRestaurantId()));
  const [isAdding, setAdding] = useState(false);
  if (data === undefined) return null;
  return (
    <Panel title={t("title")}>
      {data.items.length === 0 ? (
        <p className={styles.none}>{t("none")}</p>
      ) : (
        <ul className={styles.targets} aria-label={t("title")}>
          {data.items.map((target) => (
            <Target key={target.id} of={target} />
          ))}
        </ul>
      )}
      <MailServerLine mailboxes={data.items.filter(isMail).length} />
      {may("health.write") && (
        <div className={styles.foot}>
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        </div>
      )}
      {isAdding && <AddTarget onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function Target({ of }: { of: NoticeTarget }) {
  const { t } = useTranslation("notices");
  const { dateTime } = useFormat();
  const may = useMay();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const complain = useComplain();
  const why = useWhy();
  const mail = useQuery(mailServerQuery(rid)).data;
  const standing = isMail(of) && mail !== undefined && mail.server == null ? "no_server" : of.standing;
  const path = { rid, target_id: of.id };
  const lookAgain = () => client.invalidateQueries({ queryKey: noticeTargetsQuery(rid).queryKey });
  const test = useCommand({
    name: "notices.test",
    run: (_: string, key) =>
      ask<NoticeTried>(
        api.POST("/api/v1/restaurants/{rid}/alerts/targets/{target_id}/test", {
          params: { path, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: (tried) =>
      tried.reason == null ? say(t("test.arrived", { name: of.name })) : warn(why(of, tried)),
    onFailed: complain,
  });
  const remove = useCommand({
    name: "notices.remove",
    run: (_: string, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/alerts/targets/{target_id}", {
          params: { path, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      say(t("removed", { name: of.name }));
      void lookAgain();
    },
    onFailed: complain,
  });
  return (
    <li>
      <div>
        <b>{of.name}</b>
        <Pill tone={TONES[standing]}>{t(`standing.${standing}`)}</Pill>
        <p>
          {of.origin} · {t(of.only_critical ? "hears.critical" : "hears.all")}
          {of.tried_ms != null && ` · ${t("tried", { at: dateTime(of.tried_ms) })}`}
        </p>
        {of.reason != null && (
          <p>
            {why(of, of)} {of.waiting > 0 && t("waiting", { count: of.waiting })}
          </p>
        )}
      </div>
      {may("health.write") && (
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconSend size={14} />}
            aria-label={t("test.of", { name: of.name })}
            loading={test.isPending}
            onClick={() => test.mutate(of.id)}
          >
            {t("test.do")}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="bad"
            leftSection={<IconTrash size={14} />}
            aria-label={t("removeOf", { name: of.name })}
            loading={remove.isPending}
            onClick={() => remove.mutate(of.id)}
          >
            {t("remove")}
          </Button>
        </>
      )}
    </li>
  );
}
