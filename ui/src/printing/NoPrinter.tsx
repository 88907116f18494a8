// Where bills and receipts have no printer: a sentence that says so, and the way to one.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../app/queries";
import styles from "./print.module.css";

export function NoPrinter({ hasSome }: { hasSome: boolean }) {
  const { t } = useTranslation("printing");
  const may = useMay();
  return (
    <p className={styles.says}>
      {t(hasSome ? "print.noneForGuests" : "print.none")}{" "}
      {may("settings.write") && <Link to="/settings/printers">{t("print.toSettings")}</Link>}
    </p>
  );
}
