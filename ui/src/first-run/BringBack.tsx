// In place of a new restaurant: one that is in a backup. Where it is and what opens it; then what it holds; and it is
// back, for its people to sign in.
import { Button, Group, PasswordInput, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconFileImport } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { BackupFile, SetupRestore } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useErrorText } from "../kit/errorText";
import { useFileDrop } from "../kit/useFileDrop";
import { type Backup, bringOf, fieldOf, kinds, wrongInBackup } from "./bring-back";
import { BroughtBack } from "./BroughtBack";
import styles from "./first-run.module.css";

const EMPTY: Backup = {
  kind: "file",
  file: null,
  folder: "",
  endpoint: "",
  region: "",
  bucket: "",
  prefix: "",
  access_key: "",
  secret_key: "",
  recovery_key: "",
  passphrase: "",
};

export function BringBack({ token, onBack }: { token: string; onBack: () => void }) {
  const { t } = useTranslation("first-run");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const headers = { authorization: `Bearer ${token}` };
  const form = useForm<Backup>({ initialValues: EMPTY });
  const [begun, setBegun] = useState<{ nth: number; first: SetupRestore } | null>(null);
  const open = useCommand({
    name: "setup.restore",
    secret: true,
    run: (wish: { values: Backup; at_ms?: number }) =>
      ask<SetupRestore>(
        api.POST("/api/v1/setup/restore", { headers, body: bringOf(wish.values, wish.at_ms) }),
      ),
    // What is shown stays until the engine has begun with the next: asked earlier it would tell of the one before.
    onDone: (first) => setBegun((before) => ({ nth: (before?.nth ?? 0) + 1, first })),
    onFailed: (error) => {
      const field = fieldOf(error.field, form.values.kind);
      if (field !== null) form.setFieldError(field, error.message);
      setBegun(null);
    },
  });
  if (begun !== null)
    return (
      <BroughtBack
        key={begun.nth}
        token={token}
        {...begun}
        isAsking={open.isPending}
        onMoment={(at_ms) => open.mutate({ values: form.values, ...(at_ms === null ? {} : { at_ms }) })}
        onBack={() => setBegun(null)}
      />
    );
  const { kind } = form.values;
  const failed =
    open.error !== null && fieldOf(open.error.field, kind) === null ? errorText(open.error).why : null;
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = wrongInBackup(form.values);
        form.setErrors(Object.fromEntries(wrong.map((field) => [field, t(`back.wrong.${field}`)])));
        if (wrong.length === 0) open.mutate({ values: form.values });
      }}
    >
      <h2>{t("back.title")}</h2>
      <p className={styles.lead}>{t("back.lead")}</p>
      <SegmentedControl
        aria-label={t("back.kind")}
        value={kind}
        onChange={(value) => {
          // What was said of one place is not said of another.
          form.clearErrors();
          open.reset();
          form.setFieldValue("kind", kinds.find((one) => one === value) ?? "file");
        }}
        data={kinds.map((value) => ({ value, label: t(`back.kinds.${value}`) }))}
      />
      {kind === "file" ? (
        <ChooseFile
          token={token}
          chosen={form.values.file}
          error={form.errors.file as string | undefined}
          onChosen={(file) => {
            form.clearFieldError("file");
            form.setFieldValue("file", file);
          }}
        />
      ) : kind === "folder" ? (
        <TextInput
          label={t("back.folder")}
          description={t("back.folderWhy")}
          placeholder="/media/usb/comanda"
          size="md"
          maxLength={1024}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps("folder")}
        />
      ) : (
        <div className={styles.store}>
          {(["endpoint", "region", "bucket", "prefix", "access_key"] as const).map((name) => (
            <TextInput
              key={name}
              className={name === "endpoint" ? styles.whole : undefined}
              label={t(`back.${name}`)}
              placeholder={{ endpoint: "https://s3.example.com", region: "eu-south-1" }[name as string]}
              maxLength={1024}
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps(name)}
            />
          ))}
          <PasswordInput
            label={t("back.secret_key")}
            maxLength={256}
            autoComplete="off"
            {...form.getInputProps("secret_key")}
          />
        </div>
      )}
      <Textarea
        label={t("back.recovery_key")}
        description={t("back.keyWhy")}
        placeholder="XXXX-XXXX-XXXX-…"
        autosize
        minRows={2}
        maxLength={200}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        {...form.getInputProps("recovery_key")}
      />
      {(kind !== "file" || form.values.file?.passphrase === true) && (
        <PasswordInput
          label={t("back.passphrase")}
          maxLength={256}
          autoComplete="off"
          {...form.getInputProps("passphrase")}
        />
      )}
      {failed !== null && (
        <div role="alert" className={styles.failed}>
          <b>{t("back.failed")}</b> {failed}
        </div>
      )}
      <Group justify="space-between" mt="lg">
        <Button variant="default" size="md" onClick={onBack}>
          {common("action.back")}
        </Button>
        <Button type="submit" size="md" loading={open.isPending}>
          {t("back.look")}
        </Button>
      </Group>
    </form>
  );
}

function ChooseFile(props: {
  token: string;
  chosen: Backup["file"];
  error: string | undefined;
  onChosen: (file: Backup["file"]) => void;
}) {
  const { t } = useTranslation("first-run");
  const errorText = useErrorText();
  const bring = useCommand({
    name: "setup.bringFile",
    run: (chosen: { file: File; at: number }) =>
      ask<BackupFile>(
        api.PUT("/api/v1/setup/restore/file", {
          body: chosen.file as unknown as number[],
          headers: {
            authorization: `Bearer ${props.token}`,
            "content-type": "application/octet-stream",
          },
          // The client would turn a body into JSON; a file goes as it is.
          bodySerializer: (body: unknown) => body as BodyInit,
        }),
      ),
    onDone: (brought, { file }) =>
      props.onChosen({ id: brought.id, name: file.name, passphrase: brought.passphrase }),
  });
  const drop = useFileDrop(".comanda,application/octet-stream", t("back.chooseLabel"), (file) =>
    bring.mutate({ file, at: file.lastModified }),
  );
  const wrong = bring.error !== null ? errorText(bring.error).why : props.error;
  return (
    <div>
      <div className={styles.drop} {...drop.area}>
        <Button
          variant="default"
          leftSection={<IconFileImport size={16} />}
          loading={bring.isPending}
          onClick={drop.open}
        >
          {t("back.choose")}
        </Button>
        <span role="status">{props.chosen === null ? t("back.drop") : props.chosen.name}</span>
        {drop.input}
      </div>
      {wrong !== undefined && (
        <p role="alert" className={styles.fieldFailed}>
          {wrong}
        </p>
      )}
    </div>
  );
}
