// Closes the drawer: count first, then learn what was expected. The answer stays until it is read.
import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TillSession } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { isAmount, useFormat } from "../kit/format";
import { useCloseTill } from "./commands";
import { type Counted, CountField } from "./CountField";
import styles from "./till.module.css";

export function CloseTill(props: {
  session: TillSession | null;
  opened: boolean;
  onClose: () => void;
  onCounted: (session: TillSession) => void;
}) {
  const { t } = useTranslation("till");
  const { t: common } = useTranslation();
  const { money } = useFormat();
  const errorText = useErrorText();
  const [amount, setAmount] = useState<Counted | null>(null);
  const [counted, setCounted] = useState<TillSession | null>(null);
  const command = useCloseTill((session) => {
    setCounted(session);
    props.onCounted(session);
  });
  const close = () => {
    setAmount(null);
    setCounted(null);
    props.onClose();
  };
  const isCounted = amount !== null && isAmount(amount.minor);
  const by = counted?.over_short_minor ?? 0;
  // Told, now that it is counted.
  const [expected, taken] = [counted?.expected_minor ?? 0, counted?.cash_minor ?? 0];
  const moved = counted === null ? 0 : expected - counted.float_minor - taken;
  return (
    <Modal
      opened={props.opened}
      onClose={counted === null ? props.onClose : close}
      title={t(counted === null ? "close.title" : "close.done")}
    >
      {counted === null ? (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (isCounted && props.session !== null) command.mutate({ session: props.session.id, ...amount });
          }}
        >
          <p className={styles.says}>{t("close.text")}</p>
          <CountField
            label={t("close.counted")}
            description={t("close.countedWhy")}
            value={amount}
            onChange={setAmount}
            error={command.error === null ? undefined : errorText(command.error).short}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={props.onClose}>
              {common("action.keep")}
            </Button>
            <Button type="submit" disabled={!isCounted} loading={command.isPending}>
              {!isCounted ? t("close.title") : t("close.confirm", { amount: money(amount.minor) })}
            </Button>
          </Group>
        </form>
      ) : (
        <div className={styles.form}>
          <div className={styles.result} data-tone={by === 0 ? "ok" : by > 0 ? "info" : "bad"} role="status">
            <b className="num">{by === 0 ? t("count.exactWord") : money(Math.abs(by))}</b>
            <span>{t(by === 0 ? "count.exactNote" : by > 0 ? "count.overWord" : "count.shortWord")}</span>
          </div>
          <dl className={`${styles.rows} num`}>
            <div>
              <dt>{t("count.float")}</dt>
              <dd>{money(counted.float_minor)}</dd>
            </div>
            <div>
              <dt>{t("count.taken")}</dt>
              <dd>{money(taken)}</dd>
            </div>
            {moved !== 0 && (
              <div>
                <dt>{t("count.moved")}</dt>
                <dd>{money(moved)}</dd>
              </div>
            )}
            <div>
              <dt>{t("count.expected")}</dt>
              <dd>{money(expected)}</dd>
            </div>
            <div>
              <dt>{t("count.counted")}</dt>
              <dd>{money(counted.counted_minor ?? 0)}</dd>
            </div>
          </dl>
          <Button size="md" data-autofocus autoFocus onClick={close}>
            {t("count.read")}
          </Button>
        </div>
      )}
    </Modal>
  );
}
