// The party moves to another table, or joins another order.
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { byName, nameKey } from "../floor/model";
import { useTableNamed, useTables } from "../floor/queries";
import { Answer } from "../kit/Answer";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { useOrderName } from "../kit/orderName";
import { Bone } from "../kit/Skeletons";
import { openOrdersQuery, useFoundOrders } from "./queries";
import styles from "./reduce.module.css";
import { useMerge, useTransfer } from "./steps";

const TABLE_MAX = 40;
const SEARCH_MAX = 100;

interface Props {
  order: Order;
  opened: boolean;
  onClose: () => void;
}

export function Transfer(props: Props & { onMerged: (order: Order) => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const { order } = props;
  const [table, setTable] = useState(order.table ?? "");
  const command = useTransfer(props.onClose);
  const merge = useMerge(props.onMerged);
  const given = table.trim();
  const at = useTableNamed(given);
  // Beside others one sits only at a bar; elsewhere the two orders can become one.
  const taken =
    at === undefined || at.shape === "bar" || order.service !== "dine_in"
      ? undefined
      : at.orders.find((other) => other.id !== order.id);
  const ready = given !== "" && given !== order.table && taken === undefined;
  const failed = command.error ?? merge.error;
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t("transfer.title")} size={460}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) command.mutate({ id: order.id, body: { table: given } });
        }}
      >
        <TextInput
          data-autofocus
          label={t("transfer.table")}
          maxLength={TABLE_MAX}
          autoComplete="off"
          value={table}
          onChange={(event) => setTable(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
          error={failed === null ? undefined : errorText(failed).short}
        />
        {order.service === "dine_in" && <FloorTables picked={given} onPick={setTable} />}
        {taken !== undefined && (
          <p className={styles.text}>{t("transfer.taken", { number: taken.number, table: given })}</p>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            {common("action.keep")}
          </Button>
          {taken !== undefined && (
            <Button
              loading={merge.isPending}
              onClick={() => merge.mutate({ id: order.id, body: { into: taken.id } })}
            >
              {t("transfer.join", { number: taken.number })}
            </Button>
          )}
          <Button type="submit" disabled={!ready} loading={command.isPending}>
            {t("transfer.do")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

/** The tables of the floor, free ones and taken ones told apart in words too. */
function FloorTables(props: { picked: string; onPick: (name: string) => void }) {
  const { t } = useTranslation("orders");
  const tables = [...useTables()].sort(byName);
  if (tables.length === 0) return null;
  return (
    <div className={styles.tables} role="group" aria-label={t("transfer.tables")}>
      {tables.map((table) => (
        <button
          key={table.id}
          type="button"
          className={styles.pick}
          aria-pressed={nameKey(table.name) === nameKey(props.picked)}
          onClick={() => props.onPick(table.name)}
        >
          <b>{table.name}</b>
          <small>{t(table.state === "free" ? "transfer.free" : "transfer.busy")}</small>
        </button>
      ))}
    </div>
  );
}

export function Merge(props: Props & { onMerged: (order: Order) => void }) {
  const { t } = useTranslation("orders");
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t("merge.title", { number: props.order.number })}
    >
      <MergeInto {...props} />
    </Modal>
  );
}

function MergeInto(props: Props & { onMerged: (order: Order) => void }) {
  const { t } = useTranslation("orders");
  const { t: common } = useTranslation();
  const { money } = useFormat();
  const nameOf = useOrderName();
  const errorText = useErrorText();
  const query = useQuery(openOrdersQuery(useRestaurantId()));
  const [into, setInto] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  // On a busy night more are open than are loaded.
  const found = useFoundOrders(typed, { state: "open" });
  const command = useMerge(props.onMerged);
  return (
    <div className={styles.form}>
      <p className={styles.text}>{t("merge.text")}</p>
      <TextInput
        data-autofocus
        label={t("merge.find")}
        placeholder={t("table.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        maxLength={SEARCH_MAX}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setInto(null);
        }}
      />
      <Answer query={query} skeleton={<Bone w="100%" h={44} />}>
        {(page) => {
          const others = (found ?? page.items).filter((other) => other.id !== props.order.id);
          if (others.length === 0) {
            return (
              <p className={styles.text} role="status">
                {t(found === undefined ? "merge.none" : "merge.notFound")}
              </p>
            );
          }
          return (
            <div className={styles.list} role="group" aria-label={t("merge.into")}>
              {others.map((other) => (
                <button
                  key={other.id}
                  type="button"
                  className={styles.pick}
                  aria-pressed={into === other.id}
                  onClick={() => setInto(other.id)}
                >
                  <span>
                    {nameOf(other)} <small>{other.number}</small>
                  </span>
                  <span className="num">{money(other.total_minor)}</span>
                </button>
              ))}
            </div>
          );
        }}
      </Answer>
      {command.error !== null && (
        <p className={styles.problem} role="alert">
          {errorText(command.error).short}
        </p>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          {common("action.keep")}
        </Button>
        <Button
          disabled={into === null}
          loading={command.isPending}
          onClick={() => {
            if (into !== null) command.mutate({ id: props.order.id, body: { into } });
          }}
        >
          {t("merge.do")}
        </Button>
      </Group>
    </div>
  );
}
