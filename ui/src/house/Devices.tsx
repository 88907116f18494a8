// The tablets and screens that were let in, when each was last heard, and shutting one out.
import { Button, Group, Modal } from "@mantine/core";
import { IconDeviceTablet } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { HouseDevice } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { useNow } from "../kit/useNow";
import styles from "./house.module.css";
import { houseDevicesQuery } from "./queries";

/** Heard within this time is heard now. */
const HERE_MS = 60_000;

export function Devices({ devices }: { devices: HouseDevice[] }) {
  const { t } = useTranslation("house");
  const { dateTime, span } = useFormat();
  const may = useMay();
  const now = useNow();
  const [leaving, setLeaving] = useState<HouseDevice | null>(null);
  return (
    <Panel title={t("devices.title")}>
      {devices.length === 0 ? (
        <p className={styles.none}>{t("devices.none")}</p>
      ) : (
        <ul className={styles.devices}>
          {devices.map((device) => {
            const silent = now - device.last_contact_ms;
            const paired = dateTime(device.paired_ms);
            return (
              <li key={device.id}>
                <IconDeviceTablet size={18} aria-hidden />
                <div>
                  <b>{device.name}</b>
                  <small className="num">
                    {device.paired_by == null
                      ? t("devices.paired", { paired })
                      : t("devices.pairedBy", { paired, name: device.paired_by })}
                  </small>
                  <small className="num">
                    {silent < HERE_MS ? t("devices.here") : t("devices.silent", { span: span(silent) })}
                  </small>
                </div>
                {may("sync.write") && (
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={t("devices.shutOutName", { name: device.name })}
                    onClick={() => setLeaving(device)}
                  >
                    {t("devices.shutOut")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {leaving !== null && <ShutOut device={leaving} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}

function ShutOut({ device, onClose }: { device: HouseDevice; onClose: () => void }) {
  const { t } = useTranslation("house");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const shut = useCommand({
    name: "house.shutOut",
    run: (device_id: string, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/house/devices/{device_id}", {
          params: { path: { rid, device_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      void queryClient.invalidateQueries({ queryKey: houseDevicesQuery(rid).queryKey });
      onClose();
    },
    onFailed: useComplain(),
  });
  return (
    <Modal opened onClose={onClose} title={t("devices.sure", { name: device.name })}>
      <p>{t("devices.what")}</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {common("action.keep")}
        </Button>
        <Button color="bad" loading={shut.isPending} onClick={() => shut.mutate(device.id)}>
          {t("devices.shutOut")}
        </Button>
      </Group>
    </Modal>
  );
}
