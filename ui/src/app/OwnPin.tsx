// Sets one's own PIN. Nobody is told whose a taken one is.
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Person } from "../api/types";
import { useCommand } from "../api/useCommand";
import { say } from "../kit/notify";
import { PinPad } from "./PinPad";
import { useRestaurantId } from "./queries";

export default function OwnPin(props: { onClose: () => void }) {
  const { t } = useTranslation();
  const rid = useRestaurantId();
  const set = useCommand({
    name: "staff.own_pin",
    secret: true,
    run: (body: { pin: string }, key) =>
      ask<Person>(
        api.PUT("/api/v1/restaurants/{rid}/staff/me/pin", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: () => {
      say(t("atTill.isSet"));
      props.onClose();
    },
  });
  return (
    <Modal opened onClose={props.onClose} title={t("atTill.own")} size="xs">
      <PinPad
        label={t("atTill.ownLabel")}
        submit={t("action.save")}
        pending={set.isPending}
        error={set.error}
        onPin={(pin) => set.mutate({ pin })}
      />
    </Modal>
  );
}
