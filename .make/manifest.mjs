// Writes, into a folder of signed packages, what every installed Comanda of the channel reads: stable.json, or beta.json
// for a version with a hyphen; and the same under the version's number, which is to stay.   node .make/manifest.mjs FOLDER   (COMANDA_UPDATES: where the folder's files will lie)
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = process.argv[2];
const machine = { x64: "x86_64", arm64: "aarch64" }[process.arch];
/** The updater's names, by how a package's name ends. */
const kinds = {
  ".deb": `linux-${machine}-deb`,
  ".rpm": `linux-${machine}-rpm`,
  ".exe": `windows-${machine}-nsis`,
  ".app.tar.gz": `darwin-${machine}-app`,
};

const version = /^version = "(.*)"$/m.exec(readFileSync("Cargo.toml", "utf8"))[1];
const platforms = {};
for (const name of readdirSync(folder)) {
  const [, kind] = Object.entries(kinds).find(([ending]) => name.endsWith(ending)) ?? [];
  if (kind === undefined) continue;
  const address = process.env.COMANDA_UPDATES.replace(/\/+$/, "");
  const signature = readFileSync(path.join(folder, `${name}.sig`), "utf8");
  platforms[kind] = { url: `${address}/${encodeURIComponent(name)}`, signature };
}
if (Object.keys(platforms).length === 0) throw new Error(`no signed package in ${folder}`);

// What the changelog says of this version, or of what is not released yet.
const parts = readFileSync("CHANGELOG.md", "utf8").split(/^## /m).slice(1);
const part = parts.find((text) => text.startsWith(version)) ?? parts[0] ?? "";
const notes = part.split("\n").slice(1).join("\n").trim();
const manifest = { version, pub_date: new Date().toISOString(), notes, platforms };
const channel = version.includes("-") ? "beta" : "stable";
// Under its own number too: whoever renews this version first fetches its package, for the way back.
for (const name of [channel, version]) {
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(manifest, null, 2)}\n`);
}
