// One more who is told: where, of what; then the secret that proves it is us, this once.
import { Modal, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { ShownOnce } from "../kit/ShownOnce";
import { useFocusBack } from "../kit/useFocusBack";
import styles from "./notices.module.css";
import type { AddedNoticeTarget, NewNoticeTarget } from "./queries";

const FIELDS = ["name", "address"];

export function AddTarget({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("notices");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [onlyCritical, setOnlyCritical] = useState(false);
  useFocusBack();
  const lookAgain = () => void client.invalidateQueries({ queryKey: ["alerts", rid] });
  const add = useCommand<NewNoticeTarget, AddedNoticeTarget>({
    name: "notices.add",
    secret: true,
    run: (body, key) =>
      ask<AddedNoticeTarget>(
        api.POST("/api/v1/restaurants/{rid}/alerts/targets", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: lookAgain,
    onFailed: lookAgain,
  });
  const said = (field: string) => (add.error?.field === field ? add.error.message : undefined);
  const isSaid = FIELDS.includes(add.error?.field ?? "");
  return (
    <Modal
      opened
      onClose={onClose}
      title={add.data === undefined ? t("form.title") : t("made.title", { name: add.data.target.name })}
      closeButtonProps={{ "aria-label": common("action.close") }}
      closeOnClickOutside={add.data === undefined}
      closeOnEscape={add.data === undefined}
    >
      {add.data !== undefined ? (
        <ShownOnce secret={add.data.secret} label={t("made.label")} how={t("made.how")} onClose={onClose} />
      ) : (
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate({ name, address, only_critical: onlyCritical });
          }}
        >
          <TextInput
            data-autofocus
            label={t("form.name")}
            value={name}
            maxLength={120}
            error={said("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t("form.address")}
            description={t("form.addressHint")}
            type="url"
            inputMode="url"
            value={address}
            maxLength={1024}
            error={said("address")}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          <Switch
            label={t("form.onlyCritical")}
            checked={onlyCritical}
            onChange={(event) => setOnlyCritical(event.currentTarget.checked)}
          />
          <FormFoot
            error={isSaid ? null : add.error}
            isSaving={add.isPending}
            save={common("action.add")}
            onCancel={onClose}
            remove={null}
          />
        </form>
      )}
    </Modal>
  );
}
