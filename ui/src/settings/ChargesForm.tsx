// What comes on top of a bill and what may come off it: the service charge of each kind of order, and how much a
// role takes off before somebody must approve.
import { Button, Group, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Restaurant, RestaurantChange } from "../api/types";
import { useCommand } from "../api/useCommand";
import { restaurantQuery } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import styles from "./settings.module.css";

/** In percent; empty text: the usual. */
interface Values {
  dine_in: number | string;
  takeaway: number | string;
  delivery: number | string;
  tax: number | string;
  cashier: number | string;
  waiter: number | string;
}
const charges = ["dine_in", "takeaway", "delivery"] as const;
const caps = ["cashier", "waiter"] as const;

const percent = (bp: number | null | undefined) => (bp == null ? "" : bp / 100);
const basisPoints = (value: number | string) => (typeof value === "number" ? Math.round(value * 100) : 0);

export function ChargesForm(props: { restaurant: Restaurant; readOnly: boolean }) {
  const { restaurant, readOnly } = props;
  const { t } = useTranslation("settings");
  const queryClient = useQueryClient();
  const errorText = useErrorText();
  const { rate } = useFormat();
  const { service_charges, discount_caps } = restaurant;
  const form = useForm<Values>({
    initialValues: {
      dine_in: percent(service_charges.dine_in_bp),
      takeaway: percent(service_charges.takeaway_bp),
      delivery: percent(service_charges.delivery_bp),
      tax: percent(service_charges.tax_rate_bp),
      cashier: percent(discount_caps.cashier_bp),
      waiter: percent(discount_caps.waiter_bp),
    },
  });
  const save = useCommand({
    name: "settings.charges",
    run: (body: RestaurantChange, key) =>
      ask<Restaurant>(
        api.PATCH("/api/v1/restaurants/{rid}", {
          params: { path: { rid: restaurant.id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (answer) => {
      queryClient.setQueryData(restaurantQuery(restaurant.id).queryKey, answer);
      form.resetDirty();
      say(t("restaurant.saved"));
    },
  });
  const field = (name: keyof Values, label: string, description: string) => (
    <NumberInput
      key={name}
      label={label}
      description={description}
      min={0}
      max={100}
      decimalScale={2}
      allowNegative={false}
      clampBehavior="strict"
      suffix=" %"
      hideControls
      disabled={readOnly}
      placeholder={name === "tax" ? rate(restaurant.default_tax_rate_bp) : "0 %"}
      {...form.getInputProps(name)}
    />
  );
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit((values) =>
        save.mutate({
          service_charges: {
            dine_in_bp: basisPoints(values.dine_in),
            takeaway_bp: basisPoints(values.takeaway),
            delivery_bp: basisPoints(values.delivery),
            tax_rate_bp: values.tax === "" ? null : basisPoints(values.tax),
          },
          discount_caps: {
            cashier_bp: basisPoints(values.cashier),
            waiter_bp: basisPoints(values.waiter),
          },
        }),
      )}
    >
      {charges.map((kind) => field(kind, t(`charges.${kind}`), t(`charges.${kind}Why`)))}
      {field("tax", t("charges.tax"), t("charges.taxWhy", { rate: rate(restaurant.default_tax_rate_bp) }))}
      {caps.map((role) => field(role, t(`charges.${role}`), t(`charges.${role}Why`)))}
      {readOnly ? (
        <p className={styles.note}>{t("restaurant.readOnly")}</p>
      ) : (
        <Group gap="md">
          <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
            {t("restaurant.save")}
          </Button>
          <span role="alert" className={styles.bad}>
            {save.error !== null && `${errorText(save.error).what}. ${errorText(save.error).why}`}
          </span>
        </Group>
      )}
    </form>
  );
}
