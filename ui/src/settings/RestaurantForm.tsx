import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Locale, Restaurant } from "../api/types";
import { useFormat } from "../kit/format";
import { SaveRow, useSaveSettings } from "./saving";
import styles from "./settings.module.css";

interface Values {
  name: string;
  day_cutoff_minute: string;
  cash_rounding_minor: string;
  locale: Locale;
  lock_after_minutes: string;
}

/** Half-hour steps from midnight to noon, the range the engine takes. */
const cutoffs = Array.from({ length: 25 }, (_, step) => step * 30);
/** What coins allow in practice: exact, 5 and 10 cents, half and whole units. */
const cashSteps = [0, 5, 10, 50, 100];

/** Minutes; 0: never. */
const lockSteps = [0, 1, 2, 5, 10, 30, 60];

export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

export function RestaurantForm(props: { restaurant: Restaurant; readOnly: boolean }) {
  const { restaurant, readOnly } = props;
  const { t } = useTranslation("settings");
  const { money } = useFormat();
  const initial: Values = {
    name: restaurant.name,
    day_cutoff_minute: String(restaurant.day_cutoff_minute),
    cash_rounding_minor: String(restaurant.cash_rounding_minor),
    locale: restaurant.locale,
    lock_after_minutes: String(restaurant.lock_after_minutes ?? 0),
  };
  const form = useForm<Values>({
    initialValues: initial,
    validate: { name: (value) => (value.trim() === "" ? t("restaurant.nameMissing") : null) },
  });
  const save = useSaveSettings(restaurant, "change", () => form.resetDirty());
  const offered = (list: number[], current: number) => [...new Set([...list, current])].sort((a, b) => a - b);
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit((values) =>
        save.mutate({
          ...(values.name.trim() === initial.name ? {} : { name: values.name.trim() }),
          ...(values.day_cutoff_minute === initial.day_cutoff_minute
            ? {}
            : { day_cutoff_minute: Number(values.day_cutoff_minute) }),
          ...(values.cash_rounding_minor === initial.cash_rounding_minor
            ? {}
            : { cash_rounding_minor: Number(values.cash_rounding_minor) }),
          ...(values.locale === initial.locale ? {} : { locale: values.locale }),
          ...(values.lock_after_minutes === initial.lock_after_minutes
            ? {}
            : { lock_after_minutes: Number(values.lock_after_minutes) }),
        }),
      )}
    >
      <TextInput
        label={t("restaurant.name")}
        maxLength={80}
        disabled={readOnly}
        {...form.getInputProps("name")}
      />
      <Select
        label={t("restaurant.cutoff")}
        description={t("restaurant.cutoffWhy")}
        data={offered(cutoffs, restaurant.day_cutoff_minute).map((minute) => ({
          value: String(minute),
          label: clock(minute),
        }))}
        allowDeselect={false}
        disabled={readOnly}
        {...form.getInputProps("day_cutoff_minute")}
      />
      <Select
        label={t("restaurant.cash")}
        description={t("restaurant.cashWhy")}
        data={offered(cashSteps, restaurant.cash_rounding_minor).map((step) => ({
          value: String(step),
          label: step === 0 ? t("restaurant.cashExact") : money(step),
        }))}
        allowDeselect={false}
        disabled={readOnly}
        {...form.getInputProps("cash_rounding_minor")}
      />
      <Select
        label={t("restaurant.locale")}
        description={t("restaurant.localeWhy")}
        data={["en", "es"].map((locale) => ({
          value: locale,
          label: new Intl.DisplayNames([locale], { type: "language" }).of(locale) ?? locale,
        }))}
        allowDeselect={false}
        disabled={readOnly}
        {...form.getInputProps("locale")}
      />
      <Select
        label={t("restaurant.lock")}
        description={t("restaurant.lockWhy")}
        data={offered(lockSteps, restaurant.lock_after_minutes ?? 0).map((minutes) => ({
          value: String(minutes),
          label: minutes === 0 ? t("restaurant.lockNever") : t("restaurant.lockAfter", { count: minutes }),
        }))}
        allowDeselect={false}
        disabled={readOnly}
        {...form.getInputProps("lock_after_minutes")}
      />
      <SaveRow readOnly={readOnly} isDirty={form.isDirty()} save={save} />
    </form>
  );
}
