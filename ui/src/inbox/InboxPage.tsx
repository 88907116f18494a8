import { useTranslation } from "react-i18next";
import { PageHead } from "../kit/Page";

export function InboxPage() {
  const { t } = useTranslation("inbox");
  return <PageHead title={t("title")} />;
}
