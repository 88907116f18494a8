// Devices that stand before the door: the number they show, and whether somebody lets them in.
import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { WaitingDevice } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import styles from "./house.module.css";
import { houseDevicesQuery } from "./queries";

export function Waiting({ waiting }: { waiting: WaitingDevice[] }) {
  const may = useMay();
  if (waiting.length === 0 || !may("sync.write")) return null;
  return (
    <ul className={styles.waiting} aria-live="polite">
      {waiting.map((device) => (
        <One key={device.id} device={device} />
      ))}
    </ul>
  );
}

function One({ device }: { device: WaitingDevice }) {
  const { t } = useTranslation("house");
  const rid = useRestaurantId();
  const queryClient = useQueryClient();
  const params = { path: { rid, waiting_id: device.id } };
  const path = "/api/v1/restaurants/{rid}/house/waiting/{waiting_id}";
  const done = {
    onDone: () => void queryClient.invalidateQueries({ queryKey: houseDevicesQuery(rid).queryKey }),
    onFailed: useComplain(),
  };
  const confirm = useCommand({
    name: "house.confirm",
    run: (_: string, key) =>
      ask(api.POST(path, { params: { ...params, header: { "Idempotency-Key": key } } })),
    ...done,
  });
  const refuse = useCommand({
    name: "house.refuse",
    run: (_: string, key) =>
      ask(api.DELETE(path, { params: { ...params, header: { "Idempotency-Key": key } } })),
    ...done,
  });
  return (
    <li>
      <div>
        <b>{t("waiting.asks", { name: device.name })}</b>
        <p>{t("waiting.compare")}</p>
        {device.from != null && <small className="num">{t("waiting.from", { from: device.from })}</small>}
      </div>
      <output className={`${styles.number} num`} aria-label={t("waiting.number")}>
        {device.number}
      </output>
      <Group gap="sm">
        <Button loading={confirm.isPending} onClick={() => confirm.mutate(device.id)}>
          {t("waiting.letIn")}
        </Button>
        <Button variant="default" loading={refuse.isPending} onClick={() => refuse.mutate(device.id)}>
          {t("waiting.sendAway")}
        </Button>
      </Group>
    </li>
  );
}
