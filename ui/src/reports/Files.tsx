// What is shown, as files to take along.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { useComplain } from "../kit/notify";
import styles from "./reports.module.css";

const formats = ["csv", "xlsx", "pdf"] as const;
export type FileFormat = (typeof formats)[number];

export function Files(props: {
  of: string;
  /** Left out: all. */
  formats?: readonly FileFormat[];
  save: (format: FileFormat) => Promise<void>;
}) {
  const { t } = useTranslation("reports");
  const complain = useComplain();
  const [busy, setBusy] = useState<FileFormat | null>(null);
  const save = async (format: FileFormat) => {
    setBusy(format);
    try {
      await props.save(format);
    } catch (error) {
      complain(asApiError(error));
    } finally {
      setBusy(null);
    }
  };
  return (
    <div className={styles.files}>
      {(props.formats ?? formats).map((format) => (
        <Button
          key={format}
          size="compact-md"
          variant="default"
          loading={busy === format}
          leftSection={<IconDownload size={15} aria-hidden />}
          aria-label={t("file", { format: format.toUpperCase(), report: props.of })}
          onClick={() => void save(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}
