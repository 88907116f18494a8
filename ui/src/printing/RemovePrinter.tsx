// Asks before a printer is taken away, and says whose paper comes out nowhere then.
import { Button, Group, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Printer } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import { useFocusBack } from "../kit/useFocusBack";
import { stationsQuery } from "../settings/queries";
import styles from "./print.module.css";

export function RemovePrinter({ of, onClose }: { of: Printer; onClose: () => void }) {
  const { t } = useTranslation("printing");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const errorText = useErrorText();
  const stations = useQuery(stationsQuery(rid)).data?.items ?? [];
  useFocusBack();
  const remove = useCommand({
    name: "printing.remove",
    run: (printer_id: string, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/printers/{printer_id}", {
          params: { path: { rid, printer_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      say(t("remove.done", { name: of.name }));
      void client.invalidateQueries({ queryKey: ["printing", rid] });
      onClose();
    },
  });
  const theirs = stations.filter((one) => of.station_ids.includes(one.id)).map((one) => one.name);
  return (
    <Modal opened onClose={onClose} title={t("remove.title", { name: of.name })}>
      <p className={styles.says}>
        {of.guests && t("remove.guests")}{" "}
        {theirs.length > 0 && t("remove.stations", { stations: theirs.join(", ") })} {t("remove.text")}
      </p>
      {remove.error !== null && (
        <p role="alert" className={styles.problem}>
          {errorText(remove.error).short}
        </p>
      )}
      <Group justify="flex-end" mt="md" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {common("action.keep")}
        </Button>
        <Button color="bad" loading={remove.isPending} onClick={() => remove.mutate(of.id)}>
          {t("remove.do")}
        </Button>
      </Group>
    </Modal>
  );
}
