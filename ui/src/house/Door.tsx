// Whether this computer is open to its house, on which port, and what it is called there.
import { Button, Group, Switch } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { House } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { NumberField } from "../kit/NumberField";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { isWithin } from "../kit/within";
import styles from "./house.module.css";
import { houseQuery } from "./queries";

const PORT_MIN = 1024;
const PORT_MAX = 65_535;

export function Door({ house }: { house: House }) {
  const { t } = useTranslation("house");
  const { date } = useFormat();
  const may = useMay()("sync.write");
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [port, setPort] = useState<number | string>(house.port);
  const change = useCommand({
    name: "house.change",
    run: (body: { is_open: boolean; port: number }) => ask<House>(api.PUT("/api/v1/house", { body })),
    onDone: (next) => queryClient.setQueryData(houseQuery.queryKey, next),
  });
  const wrong = !isWithin(port, PORT_MIN, PORT_MAX);
  const portError = change.error?.field === "port" ? errorText(change.error).why : undefined;
  const [name, ...addresses] = house.addresses;
  return (
    <Panel
      title={t("door.title")}
      note={
        house.is_open ? (
          <Pill tone="ok">{t("door.open")}</Pill>
        ) : house.wanted ? (
          <Pill tone="bad">{t("door.stuck")}</Pill>
        ) : (
          <Pill>{t("door.shut")}</Pill>
        )
      }
    >
      <div className={styles.door}>
        <Switch
          label={t("door.switch")}
          description={t("door.why")}
          checked={house.wanted}
          disabled={!may || change.isPending || wrong}
          onChange={(event) => change.mutate({ is_open: event.currentTarget.checked, port: Number(port) })}
        />
        <Group align="flex-end" gap="sm">
          <NumberField
            className={styles.port}
            label={t("door.port")}
            min={PORT_MIN}
            max={PORT_MAX}
            allowDecimal={false}
            hideControls
            disabled={!may}
            value={port}
            error={portError}
            onChange={setPort}
          />
          {house.wanted && Number(port) !== house.port && !wrong && (
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ is_open: true, port: Number(port) })}
            >
              {t("door.move")}
            </Button>
          )}
        </Group>
        {change.error !== null && change.error.field !== "port" && (
          <p role="alert" className={styles.bad}>
            {errorText(change.error).why}
          </p>
        )}
        {house.trouble != null && (
          <p role="alert" className={styles.bad}>
            {house.trouble}
          </p>
        )}
        {house.is_open && name !== undefined && (
          <dl className={styles.addresses}>
            <dt>{t("door.name")}</dt>
            <dd>
              <code>{name}</code>
              {house.unheard != null && <small>{house.unheard}</small>}
            </dd>
            <dt>{t("door.addresses")}</dt>
            <dd>
              {addresses.length === 0 ? (
                <small>{t("door.noAddress")}</small>
              ) : (
                addresses.map((address) => <code key={address}>{address}</code>)
              )}
            </dd>
            {house.certificate_ends_ms != null && (
              <>
                <dt>{t("door.certificate")}</dt>
                <dd>{t("door.certificateEnds", { date: date(house.certificate_ends_ms) })}</dd>
              </>
            )}
          </dl>
        )}
      </div>
    </Panel>
  );
}
