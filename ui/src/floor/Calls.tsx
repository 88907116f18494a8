// Who calls, for how long, and the way to say "I am there".
import { Button } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Floor } from "../api/types";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { useNow } from "../kit/useNow";
import { useAnswer } from "./commands";
import styles from "./floor.module.css";
import { calling } from "./model";
import { useTableWords } from "./words";

export function Calls(props: { floor: Floor; onPick: (id: string) => void }) {
  const { t } = useTranslation("floor");
  const words = useTableWords();
  const { span } = useFormat();
  const now = useNow(1_000);
  const answer = useAnswer();
  const mayServe = useMay()("floor.serve");
  const waiting = calling(props.floor);
  return (
    <div aria-live="polite">
      {waiting.length > 0 && (
        <ul className={styles.calls} aria-label={t("call.list")}>
          {waiting.map((table) => {
            const since_ms = table.call?.called_at_ms ?? 0;
            return (
              <li key={table.id}>
                <IconBell size={18} stroke={1.8} aria-hidden />
                <button type="button" className={styles.callName} onClick={() => props.onPick(table.id)}>
                  <b>{words.name(table)}</b> <span>{t(`call.${table.call?.wants ?? "waiter"}`)}</span>
                </button>
                {/* Said once, not every second. */}
                <span className="num" aria-live="off">
                  {span(now - since_ms)}
                </span>
                {mayServe && (
                  <Button
                    size="sm"
                    className={styles.touch}
                    aria-label={t("call.answerAt", { name: words.name(table) })}
                    loading={answer.isPending && answer.variables.id === table.id}
                    onClick={() => answer.mutate({ id: table.id, since_ms })}
                  >
                    {t("call.answer")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
