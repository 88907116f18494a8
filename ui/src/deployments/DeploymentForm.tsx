// Adds a deployment, or changes one. A token is typed here and never shown again.
import { Modal, PasswordInput, SegmentedControl, Select, TagsInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { FormFoot } from "../kit/FormFoot";
import { say } from "../kit/notify";
import styles from "./deployments.module.css";
import type { Deployment, DeploymentChange, NewDeployment } from "./queries";

const PACES = [10, 30, 60, 300, 900, 3600];
const FIELDS = ["name", "address", "token", "tags"];

export function DeploymentForm(props: {
  /** Left out: a new one. */
  of?: Deployment;
  onClose: () => void;
  onDone?: (saved: Deployment) => void;
}) {
  const { of } = props;
  const { t } = useTranslation("deployments");
  const { t: common } = useTranslation();
  const rid = useRestaurantId();
  const client = useQueryClient();
  const [kind, setKind] = useState<Deployment["kind"]>(of?.kind ?? "comanda");
  const [name, setName] = useState(of?.name ?? "");
  const [address, setAddress] = useState(of?.address ?? "");
  const [token, setToken] = useState("");
  const [environment, setEnvironment] = useState<Deployment["environment"]>(of?.environment ?? "production");
  const [tags, setTags] = useState<string[]>(of?.tags ?? []);
  const [pace, setPace] = useState(of?.every_s ?? 60);
  const save = useCommand<NewDeployment, Deployment>({
    name: "deployments.save",
    secret: true,
    run: (wish, key) => {
      const header = { "Idempotency-Key": key };
      if (of === undefined)
        return ask<Deployment>(
          api.POST("/api/v1/restaurants/{rid}/deployments", {
            params: { path: { rid }, header },
            body: wish,
          }),
        );
      // What it is stays.
      const body: DeploymentChange = { name, address, environment, tags, every_s: pace };
      if (wish.token !== undefined) body.token = wish.token;
      return ask<Deployment>(
        api.PATCH("/api/v1/restaurants/{rid}/deployments/{deployment_id}", {
          params: { path: { rid, deployment_id: of.id }, header },
          body,
        }),
      );
    },
    onDone: (saved) => {
      say(t(of === undefined ? "form.added" : "form.saved", { name: saved.name }));
      void client.invalidateQueries({ queryKey: ["deployments", rid] });
      props.onClose();
      props.onDone?.(saved);
    },
  });
  const field = save.error?.field ?? null;
  const at = (one: string) => (field?.startsWith(one) === true ? save.error?.message : undefined);
  return (
    <Modal opened onClose={props.onClose} title={t(of === undefined ? "form.title" : "form.change")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({
            name,
            kind,
            address,
            environment,
            tags,
            every_s: pace,
            ...(token === "" ? {} : { token }),
          });
        }}
      >
        {of === undefined && (
          <SegmentedControl
            aria-label={t("form.kind")}
            value={kind}
            onChange={(value) => setKind(value === "http" ? "http" : "comanda")}
            data={[
              { value: "comanda", label: t("kind.comanda") },
              { value: "http", label: t("kind.http") },
            ]}
          />
        )}
        <TextInput
          required
          data-autofocus
          label={t("form.name")}
          placeholder={t("form.nameExample")}
          value={name}
          error={at("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          required
          label={t("form.address")}
          description={t(kind === "comanda" ? "form.addressComanda" : "form.addressHttp")}
          placeholder={kind === "comanda" ? "https://desk.example" : "https://shop.example/health"}
          value={address}
          error={at("address")}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        {kind === "http" && (
          <PasswordInput
            label={t("form.token")}
            description={t(of?.has_token === true ? "form.tokenKept" : "form.tokenWhy")}
            autoComplete="off"
            value={token}
            error={at("token")}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        )}
        <div className={styles.two}>
          <Select
            label={t("form.environment")}
            allowDeselect={false}
            value={environment}
            onChange={(value) => setEnvironment((value as Deployment["environment"] | null) ?? "production")}
            data={(["production", "staging", "test"] as const).map((value) => ({
              value,
              label: t(`environment.${value}`),
            }))}
          />
          <Select
            label={t("form.every")}
            allowDeselect={false}
            value={String(pace)}
            onChange={(value) => setPace(Number(value ?? 60))}
            data={[...new Set([...PACES, pace])]
              .sort((a, b) => a - b)
              .map((s) => ({
                value: String(s),
                label:
                  s < 60 ? t("form.seconds", { count: s }) : t("form.minutes", { count: Math.round(s / 60) }),
              }))}
          />
        </div>
        <TagsInput label={t("form.tags")} maxTags={10} value={tags} error={at("tags")} onChange={setTags} />
        <FormFoot
          error={field !== null && FIELDS.some((one) => field.startsWith(one)) ? null : save.error}
          isSaving={save.isPending}
          save={of === undefined ? t("form.submit") : common("action.save")}
          onCancel={props.onClose}
          remove={null}
        />
      </form>
    </Modal>
  );
}
