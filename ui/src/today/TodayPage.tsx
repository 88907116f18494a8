import { useTranslation } from "react-i18next";
import { PageHead } from "../kit/Page";

export function TodayPage() {
  const { t } = useTranslation("today");
  return <PageHead title={t("title")} />;
}
