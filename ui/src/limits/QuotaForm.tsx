// Another quota for one limiter, or the usual one again. It holds from the next request on.
import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Limiter } from "../api/types";
import { useCommand } from "../api/useCommand";
import { FormFoot } from "../kit/FormFoot";
import { say, useComplain } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import styles from "./limits.module.css";

const REQUESTS_MAX = 1_000_000;
const WINDOW_S_MAX = 86_400;

export function QuotaForm(props: { of: Limiter; onClose: () => void }) {
  const { of } = props;
  const { t } = useTranslation("limits");
  const client = useQueryClient();
  const [requests, setRequests] = useState<number | string>(of.requests);
  const [window_s, setWindow] = useState<number | string>(of.window_s);
  const done = () => {
    say(t("form.done", { name: t(`name.${of.name}`) }));
    void client.invalidateQueries({ queryKey: ["limits"] });
    props.onClose();
  };
  const path = { limiter: of.name };
  const save = useCommand({
    name: "limits.change",
    run: (body: { requests: number; window_s: number }) =>
      ask<Limiter>(api.PUT("/api/v1/limits/{limiter}", { params: { path }, body })),
    onDone: done,
  });
  const reset = useCommand({
    name: "limits.reset",
    run: () => ask<Limiter>(api.DELETE("/api/v1/limits/{limiter}", { params: { path } })),
    onDone: done,
    onFailed: useComplain(),
  });
  const field = save.error?.field;
  const isUsual = of.requests === of.usual_requests && of.window_s === of.usual_window_s;
  return (
    <Modal opened onClose={props.onClose} title={t("form.title", { name: t(`name.${of.name}`) })}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWithin(requests, 1, REQUESTS_MAX) || !isWithin(window_s, 1, WINDOW_S_MAX)) return;
          save.mutate({ requests: Number(requests), window_s: Number(window_s) });
        }}
      >
        <p className={styles.why}>{t("form.why")}</p>
        <NumberField
          data-autofocus
          label={t("form.requests")}
          min={1}
          max={REQUESTS_MAX}
          allowDecimal={false}
          value={requests}
          error={field === "requests" ? t("form.range", { max: REQUESTS_MAX }) : undefined}
          onChange={setRequests}
        />
        <NumberField
          label={t("form.window")}
          min={1}
          max={WINDOW_S_MAX}
          allowDecimal={false}
          value={window_s}
          error={field === "window_s" ? t("form.range", { max: WINDOW_S_MAX }) : undefined}
          onChange={setWindow}
        />
        <FormFoot
          error={field === "requests" || field === "window_s" ? null : save.error}
          isSaving={save.isPending}
          onCancel={props.onClose}
          remove={
            isUsual
              ? null
              : { label: t("form.usual"), isRunning: reset.isPending, run: () => reset.mutate(undefined) }
          }
        />
      </form>
    </Modal>
  );
}
