import { useTranslation } from "react-i18next";
import { PageHead } from "../kit/Page";

export function MenuPage() {
  const { t } = useTranslation("menu");
  return <PageHead title={t("title")} />;
}
