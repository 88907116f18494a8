// Which printers this computer has, and the way to them and to what stands on a receipt.
import { IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "../kit/LinkButton";
import { Panel } from "../kit/Page";
import { usePrinters } from "../printing/queries";
import styles from "./settings.module.css";

export function PrintersPanel() {
  const { t } = useTranslation("settings");
  const names = usePrinters()?.map((one) => one.name) ?? [];
  return (
    <Panel title={t("printers.title")}>
      <div>
        <div className={styles.row}>
          <small>
            {names.length === 0 ? t("printers.none") : t("printers.some", { names: names.join(", ") })}
          </small>
          <LinkButton
            variant="default"
            size="xs"
            leftSection={<IconPrinter size={14} />}
            to="/settings/printers"
          >
            {t("printers.open")}
          </LinkButton>
        </div>
      </div>
    </Panel>
  );
}
