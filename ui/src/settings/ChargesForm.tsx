// What comes on top of a bill and what may come off it: the service charge of each kind of order, and how much a
// role takes off before somebody must approve.
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Restaurant } from "../api/types";
import { useFormat } from "../kit/format";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { SaveRow, useSaveSettings } from "./saving";
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
const basisPoints = (value: number | string) => Math.round(Number(value) * 100);

export function ChargesForm(props: { restaurant: Restaurant; readOnly: boolean }) {
  const { restaurant, readOnly } = props;
  const { t } = useTranslation("settings");
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
    // The field itself says what is wrong with it.
    validate: (values) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([, value]) => value !== "" && !isWithin(value, 0, 100))
          .map(([name]) => [name, true]),
      ),
  });
  const save = useSaveSettings(restaurant, "charges", () => form.resetDirty());
  const field = (name: keyof Values, label: string, description: string) => (
    <NumberField
      key={name}
      label={label}
      description={description}
      min={0}
      max={100}
      decimalScale={2}
      allowNegative={false}
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
      <SaveRow readOnly={readOnly} isDirty={form.isDirty()} save={save} />
    </form>
  );
}
