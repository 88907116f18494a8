// The picture a tablet reads, and the device that read it, in one dialog: it ends when the device is in.
import { Button, Modal, SegmentedControl } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { PairingCode } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { QrCode } from "../kit/QrCode";
import { Bone } from "../kit/Skeletons";
import { useNow } from "../kit/useNow";
import styles from "./house.module.css";
import { houseDevicesQuery } from "./queries";
import { Waiting } from "./Waiting";

export function PairDevice({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("house");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const all = useQuery(houseDevicesQuery(rid)).data;
  const make = useCommand<null, PairingCode & { before: number }>({
    name: "house.code",
    secret: true,
    run: async (_, key) => ({
      ...(await ask<PairingCode>(
        api.POST("/api/v1/restaurants/{rid}/house/codes", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
        }),
      )),
      before: queryClient.getQueryData(houseDevicesQuery(rid).queryKey)?.devices.length ?? 0,
    }),
  });
  const { mutate } = make;
  useEffect(() => mutate(null), [mutate]);
  const devices = all?.devices ?? [];
  const newest = make.data !== undefined && devices.length > make.data.before ? devices.at(-1) : undefined;
  const waiting = all?.waiting ?? [];
  return (
    <Modal opened onClose={onClose} size="md" title={t("pair.title")}>
      {make.error !== null ? (
        <p role="alert" className={styles.bad}>
          {errorText(make.error).why}
        </p>
      ) : newest !== undefined ? (
        <div className={styles.done} role="status">
          <p>{t("pair.done", { name: newest.name })}</p>
          <Button onClick={onClose}>{common("action.close")}</Button>
        </div>
      ) : waiting.length > 0 ? (
        <Waiting waiting={waiting} />
      ) : (
        <Picture code={make.data} onAgain={() => mutate(null)} />
      )}
    </Modal>
  );
}

function Picture({ code, onAgain }: { code: PairingCode | undefined; onAgain: () => void }) {
  const { t } = useTranslation("house");
  const now = useNow(1_000);
  const [at, setAt] = useState("0");
  if (code === undefined) return <Bone h={280} />;
  const left = code.ends_ms - now;
  const link = code.links[Number(at)] ?? code.links[0] ?? "";
  return (
    <div className={styles.picture}>
      <ol>
        <li>{t("pair.scan")}</li>
        <li>{t("pair.warns")}</li>
        <li>{t("pair.confirm")}</li>
      </ol>
      {left > 0 && <QrCode text={link} label={t("pair.picture")} />}
      {code.links.length > 1 && (
        <SegmentedControl
          aria-label={t("pair.by")}
          value={at}
          onChange={setAt}
          data={code.links.map((one, index) => ({ value: String(index), label: new URL(one).hostname }))}
        />
      )}
      <output className={styles.link} aria-label={t("pair.link")}>
        {link}
      </output>
      <p className={`${styles.left} num`}>
        {left > 0 ? t("pair.left", { minutes: Math.ceil(left / 60_000) }) : t("pair.over")}
        {left <= 0 && (
          <Button size="xs" variant="default" onClick={onAgain}>
            {t("pair.again")}
          </Button>
        )}
      </p>
    </div>
  );
}
