// A new key: what it is for, how long, how often and what it may; then the key itself, this once.
import { Modal, Radio, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { ApiError } from "../api/errors";
import type { Permission } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { ShownOnce } from "../kit/ShownOnce";
import { useFocusBack } from "../kit/useFocusBack";
import styles from "./api-keys.module.css";
import type { ApiKeys, MadeApiKey, NewApiKey } from "./queries";
import { ScopeChoice } from "./ScopeChoice";
import { useQuota } from "./useQuota";

const NAME_MAX = 120;
const DAYS = [30, 90, 365];
const DAYS_USUAL = 90;
const FIELDS = ["name", "tier", "scopes", "days"];
const ENDLESS = "";

export function NewKey({ keys, onClose }: { keys: ApiKeys; onClose: () => void }) {
  const { t } = useTranslation("api-keys");
  const [made, setMade] = useState<MadeApiKey | null>(null);
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      size={made === null ? 760 : "lg"}
      title={made === null ? t("form.title") : t("made.title", { name: made.api_key.name })}
      // What is shown once does not go by a slip of the hand.
      closeOnClickOutside={made === null}
      closeOnEscape={made === null}
    >
      {made === null ? (
        <Form keys={keys} onMade={setMade} onClose={onClose} />
      ) : (
        <ShownOnce secret={made.key} label={t("made.label")} how={t("made.how")} onClose={onClose} />
      )}
    </Modal>
  );
}

function Form(props: { keys: ApiKeys; onMade: (made: MadeApiKey) => void; onClose: () => void }) {
  const { keys } = props;
  const { t } = useTranslation("api-keys");
  const rid = useRestaurantId();
  const client = useQueryClient();
  const quota = useQuota();
  const [name, setName] = useState("");
  const [tier, setTier] = useState<NewApiKey["tier"]>("free");
  const [days, setDays] = useState(String(DAYS_USUAL));
  const [scopes, setScopes] = useState<Permission[]>([]);
  const [isBare, setBare] = useState(false);
  const lookAgain = () => void client.invalidateQueries({ queryKey: ["api-keys", rid] });
  const make = useCommand<NewApiKey, MadeApiKey>({
    name: "api-keys.make",
    secret: true,
    run: (body, key) =>
      ask<MadeApiKey>(
        api.POST("/api/v1/restaurants/{rid}/api-keys", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (made) => {
      lookAgain();
      props.onMade(made);
    },
    // One that was made and whose answer was lost stands in the list.
    onFailed: lookAgain,
  });
  const field = make.error?.field ?? null;
  const words = useWords();
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    fields.current?.querySelector("[aria-invalid=true], [role=alert]")?.scrollIntoView({ block: "nearest" });
  }, [make.error, isBare]);
  const at = (one: string) =>
    make.error !== null && field?.startsWith(one) === true ? words(make.error) : undefined;
  return (
    <form
      className={styles.whole}
      onSubmit={(event) => {
        event.preventDefault();
        setBare(scopes.length === 0);
        if (scopes.length === 0) return;
        make.mutate({ name, tier, scopes, days: days === ENDLESS ? null : Number(days) });
      }}
    >
      <div ref={fields} className={styles.fields}>
        <div className={styles.two}>
          <TextInput
            required
            withAsterisk={false}
            data-autofocus
            label={t("form.name")}
            description={t("form.nameWhy")}
            placeholder={t("form.nameExample")}
            maxLength={NAME_MAX}
            value={name}
            error={at("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t("form.days")}
            description={t("form.daysWhy")}
            allowDeselect={false}
            value={days}
            error={at("days")}
            onChange={(value) => setDays(value ?? ENDLESS)}
            data={[
              ...DAYS.map((count) => ({ value: String(count), label: t("form.after", { count }) })),
              { value: ENDLESS, label: t("form.endless") },
            ]}
          />
        </div>
        <Radio.Group
          label={t("form.tier")}
          value={tier}
          error={at("tier")}
          onChange={(value) => setTier(value as NewApiKey["tier"])}
        >
          <div className={styles.tiers}>
            {keys.tiers.map((one) => (
              <Radio key={one.tier} value={one.tier} label={t(`tier.${one.tier}`)} description={quota(one)} />
            ))}
          </div>
        </Radio.Group>
        <ScopeChoice
          of={keys.scopes}
          on={scopes}
          error={isBare && scopes.length === 0 ? t("form.scopesMissing") : at("scopes")}
          onChange={setScopes}
        />
      </div>
      <div className={styles.foot}>
        <FormFoot
          error={field !== null && FIELDS.some((one) => field.startsWith(one)) ? null : make.error}
          isSaving={make.isPending}
          save={t("form.make")}
          onCancel={props.onClose}
          remove={null}
        />
      </div>
    </form>
  );
}

function useWords(): (error: ApiError) => string {
  const { t } = useTranslation("api-keys");
  return (error) =>
    error.code === "conflict" && error.field === "name" ? t("form.nameTaken") : error.message;
}
