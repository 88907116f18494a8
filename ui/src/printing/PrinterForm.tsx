// A printer of this computer: where it is, what it understands, how wide its paper is, and whether it is for guests.
import { Modal, Select, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Printer, PrinterInput } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { useFocusBack } from "../kit/useFocusBack";
import { isWithin } from "../kit/within";
import styles from "./printers.module.css";
import { COLUMNS_MAX, COLUMNS_MIN, WIDTHS, widthOf } from "./widths";

const NAME_MAX = 60;
const ADDRESS_MAX = 255;
const FIELDS = ["name", "address", "language", "columns", "drawer"];
const OTHER = "other";
const USUAL = WIDTHS[0].columns;

export function PrinterForm(props: { printer: Printer | null; printers: Printer[]; onClose: () => void }) {
  const { t } = useTranslation("printing");
  const rid = useRestaurantId();
  const client = useQueryClient();
  const { printer, printers, onClose } = props;
  const [name, setName] = useState(printer?.name ?? "");
  const [address, setAddress] = useState(printer?.address ?? "");
  const [language, setLanguage] = useState<Printer["language"]>(printer?.language ?? "escpos");
  const [columns, setColumns] = useState<number | string>(printer?.columns ?? USUAL);
  const [isOther, setOther] = useState(printer !== null && widthOf(printer.columns) === null);
  // Most houses have one printer at the counter, and it is the first.
  const [guests, setGuests] = useState(printer?.guests ?? !printers.some((one) => one.guests));
  const [drawer, setDrawer] = useState(printer?.drawer ?? false);
  useFocusBack();
  const before = printers.find((one) => one.guests && one.id !== printer?.id);
  const save = useCommand({
    name: "printing.printer",
    run: ({ id, ...body }: PrinterInput & { id: string | null }, key) => {
      const header = { "Idempotency-Key": key };
      return ask<Printer>(
        id === null
          ? api.POST("/api/v1/restaurants/{rid}/printers", { params: { path: { rid }, header }, body })
          : api.PUT("/api/v1/restaurants/{rid}/printers/{printer_id}", {
              params: { path: { rid, printer_id: id }, header },
              body,
            }),
      );
    },
    onDone: (saved) => {
      say(t("form.saved", { name: saved.name }));
      void client.invalidateQueries({ queryKey: ["printing", rid] });
      onClose();
    },
  });
  const { error } = save;
  const at = (field: string) => (error?.field === field ? error.message : undefined);
  return (
    <Modal
      opened
      onClose={onClose}
      title={printer === null ? t("printers.add") : t("printers.change", { name: printer.name })}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWithin(columns, COLUMNS_MIN, COLUMNS_MAX)) return;
          save.mutate({
            id: printer?.id ?? null,
            name: name.trim(),
            address: address.trim(),
            language,
            columns: Number(columns),
            guests,
            drawer: drawer && language === "escpos",
          });
        }}
      >
        <TextInput
          data-autofocus
          required
          withAsterisk={false}
          label={t("form.name")}
          placeholder={t("form.nameExample")}
          maxLength={NAME_MAX}
          value={name}
          error={at("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          required
          withAsterisk={false}
          label={t("form.address")}
          description={t("form.addressWhy")}
          placeholder="192.168.1.40"
          maxLength={ADDRESS_MAX}
          value={address}
          error={at("address") !== undefined ? t("form.addressWrong") : undefined}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Select
          label={t("form.language")}
          description={t(`language.${language}.why`)}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          value={language}
          error={at("language")}
          onChange={(value) => setLanguage(value === "plain" ? "plain" : "escpos")}
          data={(["escpos", "plain"] as const).map((value) => ({
            value,
            label: t(`language.${value}.name`),
          }))}
        />
        <div className={styles.width}>
          <Select
            label={t("form.width")}
            allowDeselect={false}
            value={isOther ? OTHER : String(columns)}
            error={isOther ? undefined : at("columns")}
            onChange={(value) => {
              setOther(value === OTHER);
              if (value !== OTHER) setColumns(Number(value));
            }}
            data={[
              ...WIDTHS.map((one) => ({
                value: String(one.columns),
                label: t("width.known", { millimetres: one.millimetres, count: one.columns }),
              })),
              { value: OTHER, label: t("width.another") },
            ]}
          />
          {isOther && (
            <NumberField
              label={t("form.columns")}
              min={COLUMNS_MIN}
              max={COLUMNS_MAX}
              allowDecimal={false}
              value={columns}
              error={
                at("columns") !== undefined
                  ? t("form.columnsRange", { min: COLUMNS_MIN, max: COLUMNS_MAX })
                  : undefined
              }
              onChange={setColumns}
            />
          )}
        </div>
        <Switch
          label={t("form.guests")}
          description={
            before !== undefined && guests
              ? t("form.guestsInstead", { name: before.name })
              : t("form.guestsWhy")
          }
          checked={guests}
          onChange={(event) => setGuests(event.currentTarget.checked)}
        />
        <Switch
          label={t("form.drawer")}
          description={t(language === "plain" ? "form.drawerPlain" : "form.drawerWhy")}
          disabled={language === "plain"}
          checked={drawer && language === "escpos"}
          onChange={(event) => setDrawer(event.currentTarget.checked)}
        />
        <FormFoot
          error={error !== null && FIELDS.includes(error.field ?? "") ? null : error}
          isSaving={save.isPending}
          onCancel={onClose}
          remove={null}
        />
      </form>
    </Modal>
  );
}
