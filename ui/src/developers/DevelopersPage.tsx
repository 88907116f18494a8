// For who writes a program: the contract, first steps that run as they stand, and the errors, limits and events there are.
import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageBody, PageHead } from "../kit/Page";
import { Contract } from "./Contract";
import { Errors } from "./Errors";
import { Events } from "./Events";
import { FirstSteps } from "./FirstSteps";
import { HowOften } from "./HowOften";

export function DevelopersPage() {
  const { t } = useTranslation("developers");
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <Button
          variant="default"
          leftSection={<IconKey size={15} />}
          renderRoot={(props) => <Link to="/settings/api-keys" {...props} />}
        >
          {t("keys")}
        </Button>
      </PageHead>
      <PageBody>
        <Contract />
        <FirstSteps />
        <HowOften />
        <Errors />
        <Events />
      </PageBody>
    </>
  );
}
