import { useTranslation } from "react-i18next";
import { PageHead } from "../kit/Page";

export function StaffPage() {
  const { t } = useTranslation("staff");
  return <PageHead title={t("title")} />;
}
