// How this desk stands to the others of the restaurant: in step or not, what waits, who is linked.
import { Button } from "@mantine/core";
import { IconDevices2, IconHome, IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SyncOverview } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { LinkButton } from "../kit/LinkButton";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { Desks } from "./Desks";
import { LinkCode } from "./LinkCode";
import { shown } from "./model";
import { OwnLink } from "./OwnLink";
import { syncQuery } from "./queries";

export function SyncPage() {
  const { t } = useTranslation("sync");
  const query = useQuery(syncQuery(useRestaurantId()));
  const may = useMay();
  const [isLinking, setLinking] = useState(false);
  const overview = query.data;
  const canLink = overview !== undefined && overview.link == null && may("sync.write");
  const linkButton = (
    <Button leftSection={<IconLink size={16} />} onClick={() => setLinking(true)}>
      {t("linkDesk")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("title")} sub={overview === undefined ? t("sub") : <Sentence overview={overview} />}>
        <LinkButton variant="default" leftSection={<IconHome size={16} />} to="/sync/house">
          {t("house")}
        </LinkButton>
        {canLink && overview.devices.length > 0 && linkButton}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<SkeletonRows rows={4} />}>
          {(data) =>
            data.link != null ? (
              <OwnLink overview={data} link={data.link} />
            ) : data.devices.length > 0 ? (
              <Desks devices={data.devices} spare={data.spare ?? null} />
            ) : (
              <EmptyState icon={IconDevices2} title={t("empty.title")} text={t("empty.text")}>
                {canLink && linkButton}
              </EmptyState>
            )
          }
        </Answer>
      </PageBody>
      {isLinking && <LinkCode onClose={() => setLinking(false)} />}
    </>
  );
}

function Sentence({ overview }: { overview: SyncOverview }) {
  const { t } = useTranslation("sync");
  const { dateTime } = useFormat();
  if (overview.link != null)
    return t("linkedTo", { address: shown(overview.link.address), since: dateTime(overview.link.since_ms) });
  const linked = overview.devices.filter((device) => device.revoked_ms == null).length;
  return linked === 0 ? t("sub") : t("keeps", { count: linked });
}
