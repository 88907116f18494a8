// In place of a new restaurant: this computer joins one that exists, with an address and a code from its Sync page.
import { Button, Group, Progress, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Joining, NearbyList } from "../api/types";
import { useCommand } from "../api/useCommand";
import { setupQuery } from "../app/queries";
import { keepSetupToken } from "../app/session";
import { useErrorText } from "../kit/errorText";
import { makeFormat } from "../kit/format";
import styles from "./first-run.module.css";

/** Progress of what takes seconds. */
const LOOK_AGAIN_MS = 300;

interface Values {
  address: string;
  code: string;
  name: string;
}

export function Join({ token, onBack }: { token: string; onBack: () => void }) {
  const { t } = useTranslation("first-run");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [hasBegun, setBegun] = useState(false);
  const form = useForm<Values>({ initialValues: { address: "", code: "", name: t("join.nameDefault") } });
  const headers = { authorization: `Bearer ${token}` };
  const begin = useCommand({
    name: "setup.join",
    secret: true,
    run: (body: Values) => ask<Joining>(api.POST("/api/v1/setup/join", { headers, body })),
    onDone: (begun) => {
      queryClient.setQueryData(["setup", "join"], begun);
      setBegun(true);
    },
    onFailed: (error) => {
      if (error.field === "address" || error.field === "code" || error.field === "name")
        form.setFieldError(error.field, error.message);
    },
  });
  const joining = useQuery({
    queryKey: ["setup", "join"],
    queryFn: () => ask<Joining>(api.GET("/api/v1/setup/join", { headers })),
    enabled: hasBegun,
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  }).data;
  if (hasBegun && joining !== undefined && joining.step !== "failed") return <Going joining={joining} />;
  const failure = hasBegun ? joining?.failure : null;
  const refused = begin.error !== null && begin.error.field == null ? errorText(begin.error).why : null;
  const said = failure ?? refused;
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const { address, code, name } = form.values;
        form.setErrors({
          ...(address.trim() === "" && { address: t("join.wrong.address") }),
          ...(code.trim() === "" && { code: t("join.wrong.code") }),
          ...(name.trim() === "" && { name: t("join.wrong.name") }),
        });
        setBegun(false);
        if (address.trim() !== "" && code.trim() !== "" && name.trim() !== "") begin.mutate(form.values);
      }}
    >
      <h2>{t("join.title")}</h2>
      <p className={styles.lead}>{t("join.lead")}</p>
      <TextInput
        data-autofocus
        label={t("join.address")}
        description={t("join.addressWhy")}
        placeholder="192.168.1.20:8787"
        size="md"
        maxLength={200}
        autoCapitalize="none"
        spellCheck={false}
        {...form.getInputProps("address")}
      />
      <Near token={token} onChoose={(address) => form.setFieldValue("address", address)} />
      <TextInput
        label={t("join.code")}
        placeholder="ABCD-EFGH-JKMN-PQRS"
        size="md"
        maxLength={40}
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("code")}
      />
      <TextInput
        label={t("join.name")}
        description={t("join.nameWhy")}
        size="md"
        maxLength={60}
        {...form.getInputProps("name")}
      />
      {said != null && (
        <div role="alert" className={styles.failed}>
          <b>{t("join.failed")}</b> {said}
        </div>
      )}
      <Group justify="space-between" mt="lg">
        <Button variant="default" size="md" onClick={onBack}>
          {common("action.back")}
        </Button>
        <Button type="submit" size="md" loading={begin.isPending}>
          {t("join.go")}
        </Button>
      </Group>
    </form>
  );
}

function Going({ joining }: { joining: Joining }) {
  const { t, i18n } = useTranslation("first-run");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { bytes } = makeFormat({ locale: i18n.language, currency: "EUR", exponent: 2, time_zone: "UTC" });
  const isDone = joining.step === "done";
  useEffect(() => {
    if (!isDone) return;
    keepSetupToken(null);
    queryClient.setQueryData(setupQuery.queryKey, (old) =>
      old === undefined ? old : { ...old, needed: false },
    );
    void navigate({ to: "/login", search: {}, replace: true });
  }, [isDone, navigate, queryClient]);
  // The copy travels packed, a few times smaller than it is: the bar says that it goes on, not how long it takes.
  const share = joining.bytes_max === 0 ? 0 : Math.min(1, (joining.bytes * 4) / joining.bytes_max);
  return (
    <div className={styles.form} role="status">
      <h2>{joining.name == null ? t("join.going") : t("join.goingName", { name: joining.name })}</h2>
      <p className={styles.lead}>{t(`join.step.${joining.step === "failed" ? "linking" : joining.step}`)}</p>
      <Progress
        value={joining.step === "copying" ? 10 + 80 * share : isDone ? 100 : 10}
        aria-label={t("join.going")}
      />
      {joining.bytes > 0 && <p className={`${styles.wait} num`}>{bytes(joining.bytes)}</p>}
    </div>
  );
}

/** Desks that are open to this house and heard in it; nothing where there are none. */
function Near({ token, onChoose }: { token: string; onChoose: (address: string) => void }) {
  const { t } = useTranslation("first-run");
  const headers = { authorization: `Bearer ${token}` };
  const near = useQuery({
    queryKey: ["setup", "nearby"],
    queryFn: () => ask<NearbyList>(api.GET("/api/v1/house/nearby", { headers })),
    staleTime: Infinity,
    retry: false,
  }).data;
  if (near === undefined || near.items.length === 0) return null;
  return (
    <Group gap="xs" role="group" aria-label={t("join.near")}>
      <span>{t("join.near")}</span>
      {near.items.map((desk) => (
        <Button
          key={desk.name}
          variant="default"
          size="compact-md"
          onClick={() => onChoose(desk.addresses[0] ?? "")}
        >
          {desk.name}
        </Button>
      ))}
    </Group>
  );
}
