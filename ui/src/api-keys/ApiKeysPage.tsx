// API keys: what programs ask with, what each may do and how often, and when it was used last.
import { Button } from "@mantine/core";
import { IconBook, IconCode, IconHourglass, IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { engineOrigin } from "../api/client";
import { useMay, useRestaurantId } from "../app/queries";
import { inWindow, openContract } from "../desktop";
import { Answer } from "../kit/Answer";
import { LinkButton } from "../kit/LinkButton";
import { warn } from "../kit/notify";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { KeyTable } from "./KeyTable";
import { NewKey } from "./NewKey";
import { apiKeysQuery } from "./queries";

export function ApiKeysPage() {
  const { t } = useTranslation("api-keys");
  const may = useMay();
  const query = useQuery(apiKeysQuery(useRestaurantId()));
  const [isMaking, setMaking] = useState(false);
  const keys = query.data;
  const make = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      {t("new")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <LinkButton variant="default" leftSection={<IconCode size={15} />} to="/developers">
          {t("how")}
        </LinkButton>
        <Docs />
        {may("health.read") && (
          <LinkButton variant="default" leftSection={<IconHourglass size={15} />} to="/engine/limits">
            {t("limits")}
          </LinkButton>
        )}
        {keys !== undefined && keys.items.length > 0 && make}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={4} />}>
          {(all) =>
            all.items.length === 0 ? (
              <EmptyState icon={IconKey} title={t("empty.title")} text={t("empty.text")}>
                {make}
              </EmptyState>
            ) : (
              <KeyTable keys={all} ahead_ms={query.dataUpdatedAt - all.now_ms} />
            )
          }
        </Answer>
      </PageBody>
      {isMaking && keys !== undefined && <NewKey keys={keys} onClose={() => setMaking(false)} />}
    </>
  );
}

/** What can be asked is written at the engine itself. The window shows no other page: there it opens in a browser. */
function Docs() {
  const { t } = useTranslation("api-keys");
  const address = `${engineOrigin()}/api-docs`;
  if (inWindow()) {
    return (
      <Button
        variant="default"
        leftSection={<IconBook size={15} />}
        onClick={() => void openContract().catch(() => warn(t("docsAt", { address })))}
      >
        {t("docs")}
      </Button>
    );
  }
  return (
    <Button
      component="a"
      variant="default"
      leftSection={<IconBook size={15} />}
      href={address}
      target="_blank"
      rel="noreferrer"
    >
      {t("docs")}
    </Button>
  );
}
