// The sales themselves, a row a line sold, for a program or a spreadsheet of one's own.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { useMay, useRestaurantId } from "../app/queries";
import { download } from "../kit/download";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import type { Range } from "./model";
import styles from "./reports.module.css";

const formats = ["csv", "xlsx"] as const;
type Format = (typeof formats)[number];

export function EveryLine({ range: { from, to } }: { range: Range }) {
  const { t } = useTranslation("reports");
  const rid = useRestaurantId();
  const may = useMay();
  const complain = useComplain();
  const [busy, setBusy] = useState<Format | null>(null);
  if (!may("exports.read")) return null;
  const save = async (format: Format) => {
    setBusy(format);
    const path = `/api/v1/restaurants/${rid}/export/sales.${format}?${new URLSearchParams({ from, to })}`;
    try {
      await download(path, `sales-${from}-${to}.${format}`);
    } catch (error) {
      complain(asApiError(error));
    } finally {
      setBusy(null);
    }
  };
  return (
    <Panel title={t("lines.title")}>
      <div className={styles.linesFoot}>
        <p>{t("lines.text")}</p>
        <div className={styles.files}>
          {formats.map((format) => (
            <Button
              key={format}
              size="compact-md"
              variant="default"
              loading={busy === format}
              leftSection={<IconDownload size={15} aria-hidden />}
              aria-label={t("file", { format: format.toUpperCase(), report: t("lines.title") })}
              onClick={() => void save(format)}
            >
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      </div>
    </Panel>
  );
}
