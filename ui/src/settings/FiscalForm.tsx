// How invoices are numbered, and the codes of the accountant's accounts.
import { Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Account, Restaurant } from "../api/types";
import { SaveRow, useSaveSettings } from "./saving";
import styles from "./settings.module.css";

const PREFIX_MAX = 12;
const ACCOUNT_MAX = 20;
const kinds: Account[] = [
  "cash",
  "card",
  "voucher",
  "safe",
  "sales",
  "service_charge",
  "tax",
  "tips",
  "rounding",
  "over_short",
  "pay_ins",
  "pay_outs",
  "open_bills",
];

interface Values {
  invoices: string;
  credit_notes: string;
  yearly: boolean;
  accounts: Record<string, string>;
}

export function FiscalForm(props: { restaurant: Restaurant; readOnly: boolean }) {
  const { restaurant, readOnly } = props;
  const { t } = useTranslation("settings");
  const { t: reports } = useTranslation("reports");
  const form = useForm<Values>({
    initialValues: {
      ...restaurant.invoice_series,
      accounts: Object.fromEntries(kinds.map((kind) => [kind, restaurant.accounts[kind] ?? ""])),
    },
  });
  const save = useSaveSettings(restaurant, "fiscal", () => form.resetDirty());
  const year = restaurant.business_date.slice(0, 4);
  const example = (prefix: string) => `${prefix}${form.values.yearly ? year : ""}-000001`;
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit(({ accounts, ...series }) =>
        save.mutate({
          invoice_series: series,
          // An empty one is the usual one again.
          accounts: Object.fromEntries(Object.entries(accounts).filter(([, code]) => code !== "")),
        }),
      )}
    >
      <TextInput
        label={t("fiscal.invoices")}
        description={t("fiscal.example", { number: example(form.values.invoices) })}
        maxLength={PREFIX_MAX}
        required
        withAsterisk={false}
        disabled={readOnly}
        {...form.getInputProps("invoices")}
      />
      <TextInput
        label={t("fiscal.credit")}
        description={t("fiscal.example", { number: example(form.values.credit_notes) })}
        maxLength={PREFIX_MAX}
        required
        withAsterisk={false}
        disabled={readOnly}
        {...form.getInputProps("credit_notes")}
      />
      <Switch
        className={styles.wide ?? ""}
        label={t("fiscal.yearly")}
        disabled={readOnly}
        {...form.getInputProps("yearly", { type: "checkbox" })}
      />
      <fieldset className={styles.accounts}>
        <legend>{t("fiscal.accounts")}</legend>
        {kinds.map((kind) => (
          <TextInput
            key={kind}
            label={reports(`journal.kind.${kind}`)}
            maxLength={ACCOUNT_MAX}
            disabled={readOnly}
            {...form.getInputProps(`accounts.${kind}`)}
          />
        ))}
      </fieldset>
      <SaveRow readOnly={readOnly} isDirty={form.isDirty()} save={save} />
    </form>
  );
}
