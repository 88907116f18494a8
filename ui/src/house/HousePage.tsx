// The restaurant's own network: the door, who stands before it, who was let in, and how a tablet knows it is this house.
import { Button } from "@mantine/core";
import { IconDevices2, IconQrcode } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { LinkButton } from "../kit/LinkButton";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { Devices } from "./Devices";
import { Door } from "./Door";
import { PairDevice } from "./PairDevice";
import { houseDevicesQuery, houseQuery } from "./queries";
import { Trust } from "./Trust";
import { Waiting } from "./Waiting";

export function HousePage() {
  const { t } = useTranslation("house");
  const { t: common } = useTranslation();
  const may = useMay();
  const house = useQuery(houseQuery);
  const devices = useQuery(houseDevicesQuery(useRestaurantId()));
  const [isPairing, setPairing] = useState(false);
  const isOpen = house.data?.is_open === true;
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <LinkButton variant="default" leftSection={<IconDevices2 size={16} />} to="/sync">
          {common("nav.sync")}
        </LinkButton>
        {isOpen && may("sync.write") && (
          <Button leftSection={<IconQrcode size={16} />} onClick={() => setPairing(true)}>
            {t("pair.open")}
          </Button>
        )}
      </PageHead>
      <PageBody narrow>
        {!isPairing && <Waiting waiting={devices.data?.waiting ?? []} />}
        <Answer query={house} skeleton={<SkeletonRows rows={5} />}>
          {(data) => (
            <>
              <Door key={`${String(data.wanted)} ${data.port}`} house={data} />
              {(isOpen || (devices.data?.devices.length ?? 0) > 0) && (
                <Answer query={devices} skeleton={<SkeletonRows rows={3} />} isInner>
                  {(all) => <Devices devices={all.devices} />}
                </Answer>
              )}
              {data.fingerprint != null && <Trust fingerprint={data.fingerprint} />}
            </>
          )}
        </Answer>
      </PageBody>
      {isPairing && <PairDevice onClose={() => setPairing(false)} />}
    </>
  );
}
