// Signs as `tauri signer` does: minisign's format, the version in the trusted comment.
// https://jedisct1.github.io/minisign/ (prehashed Ed25519 over BLAKE2b-512)
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

/** A new key: its public half as the program takes it, and a hand that signs bytes for a version. */
export function signer() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const id = randomBytes(8);
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const known = base64(Buffer.concat([Buffer.from("Ed"), id, raw]));
  return {
    publicKey: base64(`untrusted comment: minisign public key\n${known}\n`),
    sign(bytes, version) {
      const hash = createHash("blake2b512").update(bytes).digest();
      const signature = sign(null, hash, privateKey);
      const trusted = `timestamp:1700000000\tfile:comanda${version === undefined ? "" : `\tversion:${version}`}`;
      const whole = sign(null, Buffer.concat([signature, Buffer.from(trusted)]), privateKey);
      const line = base64(Buffer.concat([Buffer.from("ED"), id, signature]));
      return base64(
        `untrusted comment: signature from tauri secret key\n${line}\ntrusted comment: ${trusted}\n${base64(whole)}\n`,
      );
    },
  };
}
