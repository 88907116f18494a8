// What came in, in one sentence, and where to see it.
import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ImportResult } from "../api/types";
import { LinkButton } from "../kit/LinkButton";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import styles from "./imports.module.css";

export function Done(props: { result: ImportResult; onAgain: () => void }) {
  const { t } = useTranslation("imports");
  const { count, money, day } = useFormat();
  const { result } = props;
  const dated = (date: string) => `${day(date)} ${date.slice(0, 4)}`;
  return (
    <Panel>
      <div className={styles.doneBox} role="status">
        <span className={styles.doneIcon} aria-hidden>
          <IconCircleCheck size={26} stroke={1.7} />
        </span>
        <h2 className="num">
          {result.created
            ? t("done.title", { orders: count(result.orders), amount: money(result.total_minor) })
            : t("done.already")}
        </h2>
        <p className="num">
          {t(result.created ? "done.text" : "done.alreadyText", {
            orders: count(result.orders),
            lines: count(result.lines),
            from: dated(result.first_date),
            to: dated(result.last_date),
            seconds: (result.duration_ms / 1000).toFixed(1),
          })}
        </p>
        <div className={styles.doneButtons}>
          <LinkButton to="/orders" search={{ view: "table", date: result.last_date }}>
            {t("done.look")}
          </LinkButton>
          <Button variant="default" onClick={props.onAgain}>
            {t("done.again")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
