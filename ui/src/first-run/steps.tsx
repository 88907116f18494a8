// The four steps of the first run. Each shows what a choice means with an example, not only its name.
import { Button, Group, Radio, SegmentedControl, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { SetupState } from "../api/types";
import { makeFormat } from "../kit/format";
import { NumberField } from "../kit/NumberField";
import { PasswordField } from "../kit/PasswordField";
import styles from "./first-run.module.css";
import { customsOf, DEMO_MAX, type Start, type Values } from "./model";

interface StepProps {
  form: UseFormReturnType<Values>;
  setup: SetupState;
}

export function RestaurantStep({ form, setup }: StepProps) {
  const { t } = useTranslation("first-run");
  return (
    <>
      <TextInput
        label={t("restaurant.name")}
        placeholder={t("restaurant.nameExample")}
        size="md"
        maxLength={120}
        {...form.getInputProps("name")}
      />
      <Select
        label={t("restaurant.zone")}
        description={t("restaurant.zoneWhy")}
        size="md"
        searchable
        openOnFocus={false}
        limit={80}
        allowDeselect={false}
        data={setup.time_zones.map((zone) => ({ value: zone, label: zone.replace(/_/g, " ") }))}
        {...form.getInputProps("time_zone")}
      />
      <div>
        <div className={styles.label} id="locale-label">
          {t("restaurant.locale")}
        </div>
        <SegmentedControl
          aria-labelledby="locale-label"
          data={setup.locales.map((locale) => ({
            value: locale,
            label: sample(locale, form.values.currency, form.values.time_zone),
          }))}
          {...form.getInputProps("locale")}
        />
      </div>
    </>
  );
}

/** "12.040,00 €": what a language does to money. */
function sample(locale: string, currency: string, time_zone: string): string {
  const { money } = makeFormat({ locale, currency, exponent: exponentOf(currency), time_zone });
  const minor = 12_040 * 10 ** exponentOf(currency);
  return money(minor);
}

function exponentOf(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

const CUTOFFS = Array.from({ length: 25 }, (_, step) => step * 30);
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export function MoneyStep({ form, setup }: StepProps) {
  const { t, i18n } = useTranslation("first-run");
  const { values } = form;
  const exponent = setup.currencies.find((one) => one.code === values.currency)?.exponent ?? 2;
  const { money } = makeFormat({
    locale: values.locale,
    currency: values.currency,
    exponent,
    time_zone: values.time_zone,
  });
  const names = new Intl.DisplayNames([i18n.language], { type: "currency" });
  // A ten-unit dish, to show what the choice does.
  const price = 10 * 10 ** exponent;
  const rate = Number(values.tax_percent) / 100;
  const tax = values.tax_mode === "inclusive" ? price - price / (1 + rate) : price * rate;
  return (
    <>
      <Select
        label={t("money.currency")}
        description={t("money.currencyWhy")}
        size="md"
        searchable
        openOnFocus={false}
        allowDeselect={false}
        data={setup.currencies.map((one) => ({
          value: one.code,
          label: `${one.code} · ${names.of(one.code) ?? one.name}`,
        }))}
        {...form.getInputProps("currency")}
        onChange={(code) => {
          if (code !== null) form.setValues({ currency: code, ...customsOf(code) });
        }}
      />
      <div className={styles.pair}>
        <div>
          <div className={styles.label} id="tax-label">
            {t("money.mode")}
          </div>
          <SegmentedControl
            fullWidth
            size="md"
            aria-labelledby="tax-label"
            data={[
              { value: "inclusive", label: t("money.inclusive") },
              { value: "exclusive", label: t("money.exclusive") },
            ]}
            {...form.getInputProps("tax_mode")}
          />
        </div>
        <NumberField
          label={t("money.rate")}
          size="md"
          min={0}
          max={100}
          decimalScale={2}
          suffix=" %"
          hideControls
          {...form.getInputProps("tax_percent")}
        />
      </div>
      {values.tax_percent !== "" && (
        <p className={`${styles.example} num`}>
          {t(`money.example.${values.tax_mode}`, {
            price: money(price),
            tax: money(Math.round(tax)),
            total: money(price + Math.round(tax)),
          })}
        </p>
      )}
      <Select
        label={t("money.cutoff")}
        description={t("money.cutoffWhy", {
          time: values.day_cutoff_minute === "0" ? "00:00" : clock(Number(values.day_cutoff_minute)),
        })}
        size="md"
        allowDeselect={false}
        data={CUTOFFS.map((minute) => ({ value: String(minute), label: clock(minute) }))}
        {...form.getInputProps("day_cutoff_minute")}
      />
    </>
  );
}

export function OwnerStep({ form }: StepProps) {
  const { t } = useTranslation("first-run");
  return (
    <>
      <TextInput
        label={t("owner.name")}
        size="md"
        maxLength={120}
        autoComplete="name"
        {...form.getInputProps("owner_name")}
      />
      <TextInput
        label={t("owner.email")}
        description={t("owner.emailWhy")}
        size="md"
        type="email"
        maxLength={255}
        autoComplete="username"
        {...form.getInputProps("email")}
      />
      <PasswordField
        label={t("owner.password")}
        size="md"
        {...form.getInputProps("password")}
        value={form.values.password}
      />
    </>
  );
}

/** About a week, a month and a year of a busy house. */
const SIZES = [400, 2_000, 21_000];

export function StartStep({ form }: StepProps) {
  const { t } = useTranslation("first-run");
  const { values } = form;
  const { count } = makeFormat({
    locale: values.locale,
    currency: values.currency,
    exponent: 2,
    time_zone: values.time_zone,
  });
  return (
    <Radio.Group
      aria-label={t("start.title")}
      value={values.start}
      onChange={(start) => form.setFieldValue("start", start as Start)}
    >
      <div className={styles.choices}>
        {(["demo", "import", "empty"] as const).map((start) => (
          <Radio.Card key={start} value={start} className={styles.choice} radius="lg">
            <Group wrap="nowrap" align="flex-start" gap="md">
              <Radio.Indicator />
              <div>
                <b>{t(`start.${start}.title`)}</b>
                <p>{t(`start.${start}.text`)}</p>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </div>
      {values.start === "demo" && (
        <div className={styles.size}>
          <NumberField
            label={t("start.size")}
            min={1}
            max={DEMO_MAX}
            thousandSeparator={count(1000).charAt(1)}
            hideControls
            allowDecimal={false}
            w={150}
            {...form.getInputProps("demo_orders")}
          />
          <Group gap="sm">
            {SIZES.map((size) => (
              <Button
                key={size}
                size="xs"
                variant={Number(values.demo_orders) === size ? "light" : "default"}
                onClick={() => form.setFieldValue("demo_orders", size)}
              >
                {count(size)}
              </Button>
            ))}
          </Group>
        </div>
      )}
    </Radio.Group>
  );
}
