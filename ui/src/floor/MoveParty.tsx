// A party on its way: the next table that is pressed takes it. Where others sit, the two orders can become one.
import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FloorTable, TableOrder } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { useKeys } from "../kit/keys";
import { say } from "../kit/notify";
import { useMerge, useTransfer } from "../orders/steps";
import styles from "./floor.module.css";
import { useTableWords } from "./words";

export interface Party {
  order: TableOrder;
  from: FloorTable | null;
}

export function MoveParty(props: {
  party: Party;
  /** Where to; null: not said yet. */
  to: FloorTable | null;
  onTo: (table: FloorTable | null) => void;
  onEnd: (table: FloorTable | null) => void;
}) {
  const { t } = useTranslation("floor");
  const words = useTableWords();
  const errorText = useErrorText();
  const { party, to } = props;
  const done = (word: string) => {
    say(word);
    props.onEnd(to);
  };
  const number = party.order.number;
  const name = to === null ? "" : words.name(to);
  const transfer = useTransfer(() => done(t("move.done", { number, name })));
  const merge = useMerge(() => done(t("move.merged", { number, name })));
  useKeys([{ keys: "Escape", label: t("move.cancel"), group: t("title"), run: () => props.onEnd(null) }]);
  const other = to?.shape === "bar" ? undefined : to?.orders.find((order) => order.id !== party.order.id);
  const go = () => {
    if (to !== null) transfer.mutate({ id: party.order.id, body: { table: to.name } });
  };
  const failed = transfer.error ?? merge.error;
  return (
    <>
      <div className={styles.bar} role="status">
        <p>{t("move.where", { number, from: party.from === null ? "" : words.name(party.from) })}</p>
        <Button variant="default" className={styles.touch} onClick={() => props.onEnd(null)}>
          {t("move.cancel")}
        </Button>
      </div>
      <Modal
        opened={to !== null}
        onClose={() => props.onTo(null)}
        title={t(other === undefined ? "move.title" : "move.taken", { number, name })}
        size={420}
      >
        <p className={styles.say}>
          {other === undefined
            ? t("move.text", { number, name, seats: to?.seats ?? 0 })
            : t("move.takenText", { number, other: other.number, name })}
        </p>
        {failed !== null && (
          <p className={styles.bad} role="alert">
            {errorText(failed).short}
          </p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => props.onTo(null)}>
            {t("move.elsewhere")}
          </Button>
          {other === undefined ? (
            <Button data-autofocus loading={transfer.isPending} onClick={go}>
              {t("move.do")}
            </Button>
          ) : (
            <Button
              loading={merge.isPending}
              onClick={() => merge.mutate({ id: party.order.id, body: { into: other.id } })}
            >
              {t("move.merge", { other: other.number })}
            </Button>
          )}
        </Group>
      </Modal>
    </>
  );
}
