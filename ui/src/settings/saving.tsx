// What every form of the settings does with what was typed: the change goes to the engine, and its answer onto all
// screens.
import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { ApiError } from "../api/errors";
import type { Restaurant, RestaurantChange } from "../api/types";
import { useCommand } from "../api/useCommand";
import { restaurantQuery } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import styles from "./settings.module.css";

/** `name` tells the forms apart; `onSaved`: what was typed is what stands. */
export function useSaveSettings(restaurant: Restaurant, name: string, onSaved: () => void) {
  const { t } = useTranslation("settings");
  const queryClient = useQueryClient();
  return useCommand({
    name: `settings.${name}`,
    run: (body: RestaurantChange, key) =>
      ask<Restaurant>(
        api.PATCH("/api/v1/restaurants/{rid}", {
          params: { path: { rid: restaurant.id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (answer) => {
      queryClient.setQueryData(restaurantQuery(restaurant.id).queryKey, answer);
      onSaved();
      say(t("restaurant.saved"));
    },
  });
}

export function SaveRow(props: {
  readOnly: boolean;
  isDirty: boolean;
  save: { isPending: boolean; error: ApiError | null };
}) {
  const { t } = useTranslation("settings");
  const errorText = useErrorText();
  const { isPending, error } = props.save;
  if (props.readOnly) return <p className={styles.note}>{t("restaurant.readOnly")}</p>;
  return (
    <Group gap="md">
      <Button type="submit" disabled={!props.isDirty} loading={isPending}>
        {t("restaurant.save")}
      </Button>
      <span role="alert" className={styles.bad}>
        {error !== null && errorText(error).short}
      </span>
    </Group>
  );
}
