import { Button } from "@mantine/core";
import { IconCompass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../kit/States";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <EmptyState
      isPage
      icon={IconCompass}
      title={t("notFound.title")}
      text={t("notFound.text", { path: window.location.pathname })}
    >
      <Button component={Link} to="/">
        {t("notFound.home")}
      </Button>
    </EmptyState>
  );
}
