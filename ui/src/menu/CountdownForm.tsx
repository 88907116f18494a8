// How many portions are left: from there it counts itself down, and is sold out at zero.
import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuItem } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import styles from "./menu.module.css";
import { useCountdown } from "./moreCommands";

const LEFT_MAX = 100_000;

export function CountdownForm(props: { item: MenuItem; left: number | null; onClose: () => void }) {
  const { item } = props;
  const { t } = useTranslation("menu");
  const errorText = useErrorText();
  const [left, setLeft] = useState<number | string>(props.left ?? "");
  const isGood = isWithin(left, 0, LEFT_MAX);
  const put = useCountdown(props.onClose);
  return (
    <Modal opened size="sm" onClose={props.onClose} title={t("countdown.title", { name: item.name })}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isGood) put.mutate({ id: item.id, left: Number(left) });
        }}
      >
        <NumberField
          data-autofocus
          label={t("countdown.left")}
          description={t("countdown.why")}
          min={0}
          max={LEFT_MAX}
          allowDecimal={false}
          value={left}
          onChange={setLeft}
        />
        {put.error !== null && (
          <p role="alert" className={styles.bad}>
            {errorText(put.error).short}
          </p>
        )}
        <Group justify="space-between">
          {props.left === null ? (
            <span />
          ) : (
            <Button
              variant="subtle"
              color="gray"
              loading={put.isPending}
              onClick={() => put.mutate({ id: item.id, left: null })}
            >
              {t("countdown.stop")}
            </Button>
          )}
          <Button type="submit" disabled={!isGood} loading={put.isPending}>
            {t("countdown.set")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
