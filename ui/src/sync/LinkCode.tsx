// A code for another desk, large enough to be read from across the room, with what to do with it.
import { Button, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, engineOrigin } from "../api/client";
import type { LinkCode as Code } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { Bone } from "../kit/Skeletons";
import { useNow } from "../kit/useNow";
import { clock, isReachable } from "./model";
import { syncQuery } from "./queries";
import styles from "./sync.module.css";

export function LinkCode({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("sync");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  // What was linked before the code was made; one more, and it has done its work.
  const devices = useQuery({ ...syncQuery(rid), refetchInterval: 1_000 }).data?.devices ?? [];
  const make = useCommand<null, Code & { before: number }>({
    name: "sync.code",
    secret: true,
    run: async (_, key) => ({
      ...(await ask<Code>(
        api.POST("/api/v1/restaurants/{rid}/sync/codes", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      )),
      before: queryClient.getQueryData(syncQuery(rid).queryKey)?.devices.length ?? 0,
    }),
  });
  const { mutate } = make;
  useEffect(() => mutate(null), [mutate]);
  const newest = make.data !== undefined && devices.length > make.data.before ? devices.at(-1) : undefined;
  return (
    <Modal opened onClose={onClose} size="md" title={t("code.title")}>
      {make.error !== null ? (
        <p role="alert" className={styles.failed}>
          {errorText(make.error).why}
        </p>
      ) : newest !== undefined ? (
        <div className={styles.linked} role="status">
          <p>{t("code.done", { name: newest.name, letters: newest.letters })}</p>
          <Button onClick={onClose}>{common("action.close")}</Button>
        </div>
      ) : (
        <Steps code={make.data} onAgain={() => mutate(null)} />
      )}
    </Modal>
  );
}

function Steps({ code, onAgain }: { code: Code | undefined; onAgain: () => void }) {
  const { t } = useTranslation("sync");
  const now = useNow(1_000);
  const origin = engineOrigin() === "" ? window.location.origin : engineOrigin();
  const left = code === undefined ? 1 : code.ends_ms - now;
  return (
    <>
      <ol className={styles.steps}>
        <li>{t("code.start")}</li>
        <li>
          {t("code.address")}
          <output className={styles.address}>{origin.replace(/^http:\/\//, "")}</output>
        </li>
        <li>{t("code.type")}</li>
      </ol>
      {code === undefined ? (
        <Bone h={56} />
      ) : (
        <output
          className={`${styles.code} num`}
          aria-label={t("code.label")}
          data-over={left <= 0 ? "" : undefined}
        >
          {code.code}
        </output>
      )}
      <p className={`${styles.note} num`}>
        {left > 0 ? t("code.left", { left: clock(left) }) : t("code.over")}
        {left <= 0 && (
          <Button size="xs" variant="default" onClick={onAgain}>
            {t("code.again")}
          </Button>
        )}
      </p>
      {!isReachable(origin) && <p className={styles.hint}>{t("code.loopback")}</p>}
    </>
  );
}
