// The desks that are linked to this engine, when each was last heard, and shutting one out.
import { Button, Group, Modal } from "@mantine/core";
import { IconDeviceDesktop } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { SyncDevice, SyncOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { useNow } from "../kit/useNow";
import { HERE_MS } from "./model";
import { NamedSpare } from "./NamedSpare";
import { syncQuery } from "./queries";
import styles from "./sync.module.css";

type SpareView = NonNullable<SyncOverview["spare"]>;

export function Desks({ devices, spare }: { devices: SyncDevice[]; spare: SpareView | null }) {
  const { t } = useTranslation("sync");
  const [leaving, setLeaving] = useState<SyncDevice | null>(null);
  return (
    <Panel title={t("desks.title")} note={t("desks.note")}>
      <ul className={styles.desks}>
        {devices.map((device) => (
          <Desk
            key={device.id}
            device={device}
            isSpare={device.id === spare?.device_id}
            onShutOut={() => setLeaving(device)}
          />
        ))}
      </ul>
      <NamedSpare devices={devices} spare={spare} />
      {leaving !== null && <ShutOut device={leaving} onClose={() => setLeaving(null)} />}
    </Panel>
  );
}

function Desk(props: { device: SyncDevice; isSpare: boolean; onShutOut: () => void }) {
  const { device, onShutOut } = props;
  const { t } = useTranslation("sync");
  const { dateTime, span } = useFormat();
  const may = useMay();
  const now = useNow();
  const silent = now - device.last_contact_ms;
  const isOut = device.revoked_ms != null;
  return (
    <li data-out={isOut ? "" : undefined}>
      <IconDeviceDesktop size={18} aria-hidden />
      <div>
        <b>{device.name}</b> {props.isSpare && <Pill tone="info">{t("spare.is")}</Pill>}
        <small>{t("desks.prints", { letters: device.letters, since: dateTime(device.linked_ms) })}</small>
      </div>
      {isOut ? (
        <Pill>{t("desks.out")}</Pill>
      ) : silent < HERE_MS ? (
        <Pill tone="ok">{t("desks.here")}</Pill>
      ) : (
        <Pill tone="warn">{t("desks.silent", { span: span(silent) })}</Pill>
      )}
      {!isOut && may("sync.write") ? (
        <Button
          variant="default"
          size="xs"
          onClick={onShutOut}
          aria-label={t("desks.shutOutName", { name: device.name })}
        >
          {t("desks.shutOut")}
        </Button>
      ) : (
        <span />
      )}
    </li>
  );
}

function ShutOut({ device, onClose }: { device: SyncDevice; onClose: () => void }) {
  const { t } = useTranslation("sync");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const shut = useCommand({
    name: "sync.shutOut",
    run: (device_id: string, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/sync/devices/{device_id}", {
          params: { path: { rid, device_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      void queryClient.invalidateQueries({ queryKey: syncQuery(rid).queryKey });
      onClose();
    },
    onFailed: useComplain(),
  });
  return (
    <Modal opened onClose={onClose} title={t("desks.sure", { name: device.name })}>
      <p>{t("desks.what")}</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {common("action.keep")}
        </Button>
        <Button color="bad" loading={shut.isPending} onClick={() => shut.mutate(device.id)}>
          {t("desks.shutOut")}
        </Button>
      </Group>
    </Modal>
  );
}
