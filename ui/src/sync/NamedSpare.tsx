// At the main desk: which linked desk would take over, and where it is reached.
import { Select } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { SyncDevice, SyncOverview } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay, useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { shown } from "./model";
import { syncQuery } from "./queries";
import styles from "./sync.module.css";

type SpareView = NonNullable<SyncOverview["spare"]>;

export function NamedSpare({ devices, spare }: { devices: SyncDevice[]; spare: SpareView | null }) {
  const { t } = useTranslation("sync");
  const rid = useRestaurantId();
  const may = useMay();
  const queryClient = useQueryClient();
  const name = useCommand({
    name: "sync.spare",
    run: (device_id: string | null, key) => {
      const params = { path: { rid }, header: { "Idempotency-Key": key } };
      return ask<SyncOverview>(
        device_id === null
          ? api.DELETE("/api/v1/restaurants/{rid}/sync/spare", { params })
          : api.PUT("/api/v1/restaurants/{rid}/sync/spare", { params, body: { device_id } }),
      );
    },
    onDone: (fresh) => queryClient.setQueryData(syncQuery(rid).queryKey, fresh),
    onFailed: useComplain(),
  });
  const linked = devices.filter((device) => device.revoked_ms == null);
  return (
    <div className={styles.named}>
      <p>
        {spare === null
          ? t("spare.none")
          : spare.address == null
            ? t("spare.unplaced", { name: spare.name })
            : t("spare.named", { name: spare.name, address: shown(spare.address) })}
      </p>
      {may("sync.write") && (
        <Select
          label={t("spare.choose")}
          allowDeselect={false}
          disabled={name.isPending}
          data={[
            { value: "", label: t("spare.nobody") },
            ...linked.map((device) => ({ value: device.id, label: `${device.name} · ${device.letters}` })),
          ]}
          value={spare?.device_id ?? ""}
          onChange={(chosen) => name.mutate(chosen === "" ? null : chosen)}
        />
      )}
    </div>
  );
}
