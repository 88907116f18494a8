// The next steps of an open order, with the likeliest one filled: fire, serve, pay. Only what is possible is shown.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "../api/types";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { useFireLines, useServeLines } from "./commands";
import { heldLines, nextCourse, pieces, servableLines } from "./lines";
import styles from "./pane.module.css";
import { PayDialog } from "./PayDialog";

export function OrderSteps(props: { order: Order; picked: string[]; onDone: () => void }) {
  const { t } = useTranslation("orders");
  const { order } = props;
  const { money } = useFormat();
  const may = useMay();
  const fire = useFireLines();
  const serve = useServeLines();
  const [isPaying, setPaying] = useState(false);

  const held = heldLines(order);
  const chosen = held.filter((line) => props.picked.includes(line.id));
  // The course that comes next goes alone; what has none goes with it.
  const course = nextCourse(held);
  const next = held.filter((line) => line.course == null || line.course === course);
  const firing = chosen.length > 0 ? chosen : next;
  const serving = servableLines(order);
  const canFire = firing.length > 0 && may("orders.write");
  const canServe = serving.length > 0 && may("orders.write");
  const canPay = order.totals.due_minor > 0 && may("orders.pay");
  const isReady = serving.some((line) => line.state === "ready");
  const main =
    canFire && (chosen.length > 0 || order.stage === "taking" || !isReady || !(canServe || canPay))
      ? "fire"
      : canServe && (isReady || !canPay)
        ? "serve"
        : "pay";

  const ids = (lines: typeof held) => ({ id: order.id, line_ids: lines.map((line) => line.id) });
  const runFire = () => fire.mutate(ids(firing), { onSuccess: props.onDone });
  const runServe = () => serve.mutate(ids(serving));
  const group = t("keys.order");
  useKeys([
    ...(canFire ? [{ keys: "f", label: t("steps.fireAll"), group, run: runFire }] : []),
    ...(canServe ? [{ keys: "s", label: t("steps.serveAll"), group, run: runServe }] : []),
    ...(canPay ? [{ keys: "p", label: t("pay.title"), group, run: () => setPaying(true) }] : []),
  ]);
  const look = (step: typeof main) => (main === step ? ("filled" as const) : ("default" as const));
  if (!canFire && !canServe && !canPay && !isPaying) {
    const isBegun = order.lines_count > 0 || !may("orders.write");
    return isBegun ? null : <p className={styles.stepsNote}>{t("steps.none")}</p>;
  }
  return (
    <footer className={styles.steps}>
      {canFire && (
        <Button
          variant={look("fire")}
          loading={fire.isPending}
          onClick={runFire}
          aria-keyshortcuts="f"
          rightSection={<KeyCaps keys="f" onAccent={main === "fire"} />}
        >
          {chosen.length > 0
            ? t("steps.firePicked", { count: pieces(chosen) })
            : course === null
              ? t("steps.fire", { count: pieces(firing) })
              : t("steps.fireCourse", { course, count: pieces(firing) })}
        </Button>
      )}
      {canServe && (
        <Button
          variant={look("serve")}
          loading={serve.isPending}
          onClick={runServe}
          aria-keyshortcuts="s"
          rightSection={<KeyCaps keys="s" onAccent={main === "serve"} />}
        >
          {t("steps.serve", { count: pieces(serving) })}
        </Button>
      )}
      {canPay && (
        <Button
          variant={look("pay")}
          onClick={() => setPaying(true)}
          aria-keyshortcuts="p"
          rightSection={<KeyCaps keys="p" onAccent={main === "pay"} />}
          className={styles.pay}
        >
          {t("steps.pay", { amount: money(order.totals.due_minor) })}
        </Button>
      )}
      <PayDialog order={order} opened={isPaying} onClose={() => setPaying(false)} />
    </footer>
  );
}
