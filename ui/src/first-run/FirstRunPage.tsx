import { useTranslation } from "react-i18next";
import { PageHead } from "../kit/Page";

export function FirstRunPage() {
  const { t } = useTranslation("first-run");
  return <PageHead title={t("title")} />;
}
