// How a new order is served, and for whom.
import { SegmentedControl, TextInput } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { OrderSummary } from "../api/types";
import { SEATS_OFFERED_MAX } from "../floor/model";
import { useTableNamed } from "../floor/queries";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { COVERS_MAX, COVERS_MIN, type Draft, NOTE_MAX } from "./draft";
import { Numbers } from "./Numbers";
import styles from "./picker.module.css";
import { Standing } from "./Standing";
import { TableField } from "./TableField";

const TABLE_MAX = 40;
const services: OrderSummary["service"][] = ["dine_in", "takeaway", "delivery"];

export function NewOrderHead(props: {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  input: RefObject<HTMLInputElement | null>;
  /** The dialog begins here. */
  isFirst: boolean;
}) {
  const { t } = useTranslation("orders");
  const { draft, onChange } = props;
  const navigate = useNavigate();
  const isTable = draft.service === "dine_in";
  const named = useTableNamed(draft.table);
  /** What stands in the covers while it is no number of them. */
  const [typed, setTyped] = useState<number | string>("");
  const who = {
    // The menu may come after the dialog: who mounts last takes the focus.
    autoFocus: props.isFirst,
    "data-autofocus": props.isFirst ? true : undefined,
    maxLength: TABLE_MAX,
    autoComplete: "off",
    value: draft.table,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      event.preventDefault();
      props.input.current?.focus();
    },
  };
  return (
    <div className={styles.head}>
      <SegmentedControl
        fullWidth
        aria-label={t("new.service")}
        value={draft.service}
        onChange={(service) => onChange({ service: service as OrderSummary["service"] })}
        data={services.map((service) => ({ value: service, label: t(`service.${service}`) }))}
      />
      <div className={styles.who}>
        {isTable ? (
          <TableField {...who} onChange={(table) => onChange({ table })} />
        ) : (
          <TextInput
            {...who}
            label={t("new.name")}
            placeholder={t("new.nameHint")}
            onChange={(event) => onChange({ table: event.currentTarget.value })}
          />
        )}
        {isTable && (
          <NumberField
            label={t("new.covers")}
            min={COVERS_MIN}
            max={COVERS_MAX}
            allowDecimal={false}
            hideControls
            inputMode="numeric"
            value={Number.isNaN(draft.covers) ? typed : (draft.covers ?? "")}
            onChange={(covers) => {
              setTyped(covers);
              const isGood = isWithin(covers, COVERS_MIN, COVERS_MAX);
              onChange({ covers: covers === "" ? null : isGood ? Number(covers) : NaN });
            }}
          />
        )}
        {isTable && named !== undefined && named.seats <= SEATS_OFFERED_MAX && (
          <Numbers
            label={t("new.coversOf", { count: named.seats })}
            most={named.seats}
            value={draft.covers}
            onPick={(covers) => onChange({ covers })}
          />
        )}
      </div>
      {isTable && (
        <Standing
          table={draft.table}
          onOpen={(order) => {
            if (draft.lines.length === 0) onChange({ table: "" });
            void navigate({ to: "/orders", search: { order } });
          }}
        />
      )}
      <TextInput
        aria-label={t("new.note")}
        placeholder={t("new.noteHint")}
        maxLength={NOTE_MAX}
        autoComplete="off"
        value={draft.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
    </div>
  );
}
