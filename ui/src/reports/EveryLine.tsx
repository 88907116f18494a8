// The sales themselves, a row a line sold, for a program or a spreadsheet of one's own.
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { download } from "../kit/download";
import { Panel } from "../kit/Page";
import { type FileFormat, Files } from "./Files";
import type { Range } from "./model";
import styles from "./reports.module.css";

export function EveryLine({ range: { from, to } }: { range: Range }) {
  const { t } = useTranslation("reports");
  const rid = useRestaurantId();
  const may = useMay();
  if (!may("exports.read")) return null;
  const save = (format: FileFormat) =>
    download(
      `/api/v1/restaurants/${rid}/export/sales.${format}?${new URLSearchParams({ from, to })}`,
      `sales-${from}-${to}.${format}`,
    );
  return (
    <Panel title={t("lines.title")}>
      <div className={styles.linesFoot}>
        <p>{t("lines.text")}</p>
        <Files of={t("lines.title")} formats={["csv", "xlsx"]} save={save} />
      </div>
    </Panel>
  );
}
