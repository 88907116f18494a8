// Leads from what is wrong to the chapter of the guide that says what to do, step by step.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { GuideChapter } from "./guide";
import styles from "./kit.module.css";

export function GuideLink({ chapter }: { chapter: GuideChapter | undefined }) {
  const { t } = useTranslation();
  if (chapter === undefined) return null;
  return (
    <Link className={styles.guideLink} to="/guide" search={{ chapter }}>
      {t("guide.steps")}
    </Link>
  );
}
