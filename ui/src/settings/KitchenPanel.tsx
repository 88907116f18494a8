// Where things are made, what goes where, and when a waiting ticket turns amber and red.
import { ActionIcon, Button, Select } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { KitchenStation, KitchenTimes, Menu, Restaurant } from "../api/types";
import { useCommand } from "../api/useCommand";
import { restaurantQuery, useMay } from "../app/queries";
import { say, useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { menuQuery } from "../menu/queries";
import { usePrinters } from "../printing/queries";
import { StationForm } from "./StationForm";
import { stationsQuery } from "./queries";
import styles from "./settings.module.css";

/** Every restaurant has it under this id; the menu's word "bar" goes there. */
const BAR = "00000000-0000-7000-8000-000000000002";

export function KitchenPanel(props: { restaurant: Restaurant; readOnly: boolean }) {
  const { t } = useTranslation("settings");
  const { restaurant, readOnly } = props;
  const stations = useQuery(stationsQuery(restaurant.id)).data?.items ?? [];
  const printers = usePrinters() ?? [];
  const menu = useQuery({ ...menuQuery(restaurant.id), enabled: useMay()("menu.read") }).data;
  const [form, setForm] = useState<{ station: KitchenStation | null } | null>(null);
  const printerOf = (id: string) => printers.find((printer) => printer.station_ids.includes(id));
  return (
    <Panel title={t("kitchen.title")} note={t("kitchen.note")}>
      <ul className={styles.stations}>
        {stations.map((station) => (
          <li key={station.id} className={styles.row}>
            <div>
              <b>{station.name}</b>
              <small>{wordsOf(station, menu, t)}</small>
              {printerOf(station.id) !== undefined && (
                <small>{t("kitchen.printer", { name: printerOf(station.id)?.name ?? "" })}</small>
              )}
            </div>
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t("kitchen.change", { name: station.name })}
                onClick={() => setForm({ station })}
              >
                <IconPencil size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {!readOnly && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => setForm({ station: null })}
        >
          {t("kitchen.add")}
        </Button>
      )}
      <Times restaurant={restaurant} readOnly={readOnly} />
      {form !== null && (
        <StationForm
          station={form.station}
          printer={form.station === null ? null : (printerOf(form.station.id)?.id ?? null)}
          printers={printers}
          menu={menu}
          onClose={() => setForm(null)}
        />
      )}
    </Panel>
  );
}

type Say = ReturnType<typeof useTranslation<"settings">>["t"];

/** What goes there, in a sentence. */
function wordsOf(station: KitchenStation, menu: Menu | undefined, t: Say): string {
  const categories = menu?.categories ?? [];
  const names = [
    ...categories.filter((one) => station.category_ids.includes(one.id)).map((one) => one.name),
    ...categories
      .flatMap((one) => one.items)
      .filter((one) => station.item_ids.includes(one.id))
      .map((one) => one.name),
  ];
  const own = names.length === 0 ? [] : [t("kitchen.here", { what: names.join(", ") })];
  const rest = station.is_default ? [t("kitchen.rest")] : station.id === BAR ? [t("kitchen.word")] : [];
  const all = [...own, ...rest];
  return all.length === 0 ? t("kitchen.nothing") : all.join(" ");
}

const steps = [3, 5, 8, 10, 12, 15, 20, 25, 30, 45, 60];

function Times(props: { restaurant: Restaurant; readOnly: boolean }) {
  const { t } = useTranslation("settings");
  const { restaurant } = props;
  const queryClient = useQueryClient();
  const times = restaurant.kitchen_times;
  const save = useCommand({
    name: "settings.kitchenTimes",
    run: (kitchen_times: KitchenTimes, key) =>
      ask<Restaurant>(
        api.PATCH("/api/v1/restaurants/{rid}", {
          params: { path: { rid: restaurant.id }, header: { "Idempotency-Key": key } },
          body: { kitchen_times },
        }),
      ),
    onDone: (answer) => {
      queryClient.setQueryData(restaurantQuery(restaurant.id).queryKey, answer);
      say(t("restaurant.saved"));
    },
    onFailed: useComplain(),
  });
  const offered = (current: number) =>
    [...new Set([...steps, current])]
      .sort((a, b) => a - b)
      .map((count) => ({ value: String(count), label: t("kitchen.minutes", { count }) }));
  const change = (next: Partial<KitchenTimes>) => {
    const wish = { ...times, ...next };
    // Moving one past the other takes the other along.
    if (wish.red_minutes < wish.amber_minutes) {
      if (next.amber_minutes === undefined) wish.amber_minutes = wish.red_minutes;
      else wish.red_minutes = wish.amber_minutes;
    }
    save.mutate(wish);
  };
  return (
    <div className={`${styles.form} ${styles.times}`}>
      <Select
        label={t("kitchen.amber")}
        description={t("kitchen.timesWhy")}
        inputWrapperOrder={["label", "input", "description"]}
        allowDeselect={false}
        disabled={props.readOnly || save.isPending}
        value={String(times.amber_minutes)}
        data={offered(times.amber_minutes)}
        onChange={(value) => change({ amber_minutes: Number(value) })}
      />
      <Select
        label={t("kitchen.red")}
        allowDeselect={false}
        disabled={props.readOnly || save.isPending}
        value={String(times.red_minutes)}
        data={offered(times.red_minutes)}
        onChange={(value) => change({ red_minutes: Number(value) })}
      />
    </div>
  );
}
