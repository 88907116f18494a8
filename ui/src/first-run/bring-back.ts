// What is asked before a backup is brought back, and what the engine is asked for then. Pure.
import type { NewSetupRestore } from "../api/types";

export const kinds = ["file", "folder", "s3"] as const;

export interface Backup {
  kind: (typeof kinds)[number];
  /** One that was brought to the engine already. */
  file: { id: string; name: string; passphrase: boolean } | null;
  folder: string;
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  access_key: string;
  secret_key: string;
  recovery_key: string;
  passphrase: string;
}

export type BackupField =
  "file" | "folder" | "region" | "bucket" | "access_key" | "secret_key" | "recovery_key" | "passphrase";

/** Fields that still lack something; the key or the passphrase is enough. */
export function wrongInBackup(values: Backup): BackupField[] {
  const store = ["region", "bucket", "access_key", "secret_key"] as const;
  const empty = (field: keyof Backup) => String(values[field] ?? "").trim() === "";
  const where: BackupField[] =
    values.kind === "file"
      ? values.file === null
        ? ["file"]
        : []
      : values.kind === "folder"
        ? empty("folder")
          ? ["folder"]
          : []
        : store.filter(empty);
  return empty("recovery_key") && values.passphrase === "" ? [...where, "recovery_key"] : where;
}

/** `at_ms`: only what was done until then. */
export function bringOf(values: Backup, at_ms?: number): NewSetupRestore {
  const text = (value: string) => (value.trim() === "" ? {} : { value: value.trim() });
  const { value: recovery_key } = text(values.recovery_key) as { value?: string };
  const { value: endpoint } = text(values.endpoint) as { value?: string };
  return {
    ...(recovery_key !== undefined ? { recovery_key } : { passphrase: values.passphrase }),
    ...(at_ms === undefined ? {} : { at_ms }),
    ...(values.kind === "file"
      ? { file_id: values.file?.id ?? null }
      : values.kind === "folder"
        ? { folder: values.folder.trim() }
        : {
            s3: {
              ...(endpoint === undefined ? {} : { endpoint }),
              region: values.region.trim(),
              bucket: values.bucket.trim(),
              prefix: values.prefix.trim(),
              access_key: values.access_key.trim(),
              secret_key: values.secret_key,
            },
          }),
  };
}

/** Where the engine's word about a field stands. Null: nowhere on this screen. */
export function fieldOf(said: string | null | undefined, kind: Backup["kind"]): BackupField | null {
  if (said == null) return null;
  if (said === "recovery_key" || said === "passphrase") return said;
  if (said === "file_id") return kind === "file" ? "file" : null;
  if (said === "folder") return kind === "folder" ? "folder" : null;
  const last = said.split(".").at(-1);
  return kind === "s3" &&
    (last === "region" || last === "bucket" || last === "access_key" || last === "secret_key")
    ? last
    : null;
}
