import { describe, expect, it } from "vitest";
import { type Backup, bringOf, fieldOf, wrongInBackup } from "./bring-back";

const nothing: Backup = {
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
const file = { id: "f", name: "restaurant.comanda", passphrase: true };

describe("a backup on the first screen", () => {
  it("needs where it is and one of the two that open it", () => {
    expect(wrongInBackup(nothing)).toEqual(["file", "recovery_key"]);
    expect(wrongInBackup({ ...nothing, file, recovery_key: "AAAA" })).toEqual([]);
    expect(wrongInBackup({ ...nothing, file, passphrase: "four blue plates" })).toEqual([]);
    expect(wrongInBackup({ ...nothing, kind: "folder", folder: " ", passphrase: "x" })).toEqual(["folder"]);
    expect(wrongInBackup({ ...nothing, kind: "s3", region: "eu", recovery_key: "A" })).toEqual([
      "bucket",
      "access_key",
      "secret_key",
    ]);
  });

  it("is asked for from the one place that was chosen, whatever the others hold", () => {
    const all: Backup = { ...nothing, file, folder: " /mnt/a ", recovery_key: " AB ", passphrase: "no" };
    expect(bringOf(all)).toEqual({ file_id: "f", recovery_key: "AB" });
    expect(bringOf({ ...all, kind: "folder", recovery_key: "" }, 5)).toEqual({
      folder: "/mnt/a",
      passphrase: "no",
      at_ms: 5,
    });
    const s3: Backup = { ...all, kind: "s3", region: "eu", bucket: "b", access_key: "k", secret_key: " s " };
    expect(bringOf(s3)).toEqual({
      s3: { region: "eu", bucket: "b", prefix: "", access_key: "k", secret_key: " s " },
      recovery_key: "AB",
    });
  });

  it("says what the engine refused at the field that is on the screen", () => {
    expect(fieldOf("recovery_key", "s3")).toBe("recovery_key");
    expect(fieldOf("file_id", "file")).toBe("file");
    expect(fieldOf("s3.bucket", "s3")).toBe("bucket");
    expect(fieldOf("s3", "s3")).toBeNull();
    expect(fieldOf("folder", "file")).toBeNull();
    expect(fieldOf("at_ms", "folder")).toBeNull();
    expect(fieldOf(null, "file")).toBeNull();
  });
});
