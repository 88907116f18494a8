// For who writes a program: the contract, first steps that run as they stand, and the errors, limits and events there are.
import { IconKey } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "../kit/LinkButton";
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
        <LinkButton variant="default" leftSection={<IconKey size={15} />} to="/settings/api-keys">
          {t("keys")}
        </LinkButton>
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
