// What stands above and below every bill and receipt, and how it looks.
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Restaurant } from "../api/types";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { SaveRow, useSaveSettings } from "../settings/saving";
import { LogoField } from "./LogoField";
import { Paper } from "./Paper";
import styles from "./printers.module.css";
import { LINE_MAX, LINES_MAX, linesOf, sampleRows } from "./sample";
import { WIDTHS } from "./widths";

const DISH_MINOR = 950;

export function OnReceipt(props: {
  restaurant: Restaurant;
  /** Of the printer for guests; left out: there is none. */
  columns: number | undefined;
  readOnly: boolean;
}) {
  const { t } = useTranslation("printing");
  const { restaurant, readOnly } = props;
  const { moneyPlain, currency } = useFormat();
  const saved = restaurant.receipt;
  const [head, setHead] = useState(saved.head.join("\n"));
  const [foot, setFoot] = useState(saved.foot.join("\n"));
  const [logo, setLogo] = useState(saved.logo ?? "");
  const save = useSaveSettings(restaurant, "receipt", () => undefined);
  const typed = { head: linesOf(head), foot: linesOf(foot), logo: logo === "" ? null : logo };
  const isDirty =
    JSON.stringify(typed) !==
    JSON.stringify({ head: saved.head, foot: saved.foot, logo: saved.logo ?? null });
  const problem = (lines: string[]) => {
    const long = lines.findIndex((line) => [...line].length > LINE_MAX);
    if (lines.length > LINES_MAX) return t("receipt.tooMany", { max: LINES_MAX });
    return long < 0 ? null : t("receipt.tooLong", { line: long + 1, max: LINE_MAX });
  };
  const isWrong = problem(typed.head) !== null || problem(typed.foot) !== null;
  const rows = sampleRows({
    name: restaurant.name,
    ...typed,
    columns: props.columns ?? WIDTHS[0].columns,
    middle: [
      { left: `1 ${t("receipt.dish")}`, right: moneyPlain(DISH_MINOR) },
      { left: `2 ${t("receipt.drink")}`, right: moneyPlain(2 * DISH_MINOR) },
    ],
    total: { left: t("receipt.total"), right: `${currency} ${moneyPlain(3 * DISH_MINOR)}` },
  });
  return (
    <Panel title={t("receipt.title")} note={t("receipt.note")}>
      <div className={styles.receipt}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (!isWrong) save.mutate({ receipt: typed });
          }}
        >
          <LogoField hash={logo} disabled={readOnly} onChange={setLogo} />
          <Textarea
            label={t("receipt.head")}
            description={t("receipt.headWhy")}
            placeholder={t("receipt.headExample")}
            autosize
            minRows={4}
            maxRows={LINES_MAX + 2}
            disabled={readOnly}
            value={head}
            error={problem(typed.head)}
            onChange={(event) => setHead(event.currentTarget.value)}
          />
          <Textarea
            label={t("receipt.foot")}
            description={t("receipt.footWhy")}
            placeholder={t("receipt.footExample")}
            autosize
            minRows={3}
            maxRows={LINES_MAX + 2}
            disabled={readOnly}
            value={foot}
            error={problem(typed.foot)}
            onChange={(event) => setFoot(event.currentTarget.value)}
          />
          <SaveRow readOnly={readOnly} isDirty={isDirty && !isWrong} save={save} />
        </form>
        <Paper label={t("receipt.preview")} columns={props.columns ?? WIDTHS[0].columns} rows={rows} />
      </div>
    </Panel>
  );
}
