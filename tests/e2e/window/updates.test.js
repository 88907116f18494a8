// The real updater over loopback: what is refused leaves the running version as it is, and what is signed for its
// version takes its place and starts. The program is a copy of the built one, so that it may be replaced.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { built, temporaryFolder } from "../lib/headless.js";
import { signer } from "../lib/minisign.js";
import { hands, open, photograph, processesOf, until } from "../lib/window.js";
import * as story from "../story.js";

const NEW = "9.9.9";
const OWN = "0.1.0";
const TARGET = `linux-${{ x64: "x86_64", arm64: "aarch64" }[process.arch]}`;
const ours = signer();
let home;
let program;
let artefact;
let own;
let server;
let published;
let downloads = 0;
let window;
let person;

/** What lies at the update address: manifests by name, and the artefact with what a test does to it. */
before(async () => {
  home = await temporaryFolder("window-updates");
  program = path.join(home.folder, "program", "comanda-desktop");
  await mkdir(path.dirname(program));
  await copyFile(await built("comanda-desktop"), program);
  await chmod(program, 0o755);
  // The same program, told apart by what stands behind its end.
  artefact = Buffer.concat([await readFile(program), Buffer.from("the next version")]);
  server = createServer((request, response) => published(request.url, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${server.address().port}`;
  const bytes = await readFile(program);
  const platforms = { [TARGET]: { url: `${address}/own`, signature: ours.sign(bytes, OWN) } };
  own = { bytes, manifest: { version: OWN, platforms } };
  window = await open(
    home.folder,
    { COMANDA_UPDATES: address, COMANDA_UPDATES_KEY: ours.publicKey },
    program,
  );
  publish({ version: "0.0.1" });
  person = hands(window.browser);
  await story.openTheRestaurant(person);
});
after(async () => {
  await window?.close();
  server?.closeAllConnections();
  server?.close();
  await home?.remove();
});

/** Publishes a version, signed as it should be unless `wrong` says otherwise. */
function publish({
  version = NEW,
  bytes = artefact,
  signature = ours.sign(bytes, version),
  send = (r) => r.end(bytes),
}) {
  const url = `http://127.0.0.1:${server.address().port}/artefact`;
  const manifest = {
    version,
    notes: "The kitchen sees allergens.",
    platforms: { [TARGET]: { url, signature } },
  };
  published = (asked, response) => {
    if (asked === "/artefact") {
      downloads++;
      return send(response);
    }
    // What runs was published once, and is fetched for the way back.
    if (asked === `/${OWN}.json`) return response.end(JSON.stringify(own.manifest));
    if (asked === "/own") return response.end(own.bytes);
    if (asked !== "/stable.json") return response.writeHead(404).end();
    return response.end(JSON.stringify(manifest));
  };
}

const digest = async () =>
  createHash("sha256")
    .update(await readFile(program))
    .digest("hex");

async function look() {
  await person.click("link", /^Settings/);
  await person.click("button", "Look now");
}

async function install() {
  await person.sees(`Comanda ${NEW} is there`);
  await person.click("button", `Install ${NEW}`);
  await person.click("button", "Install and start again");
}

test("an older version is none, and nothing published there is said in words", async () => {
  await look();
  await person.sees("This is the newest version.");
  await photograph(window.browser, "updates-newest");
  await person.choose("Early");
  await person.sees(/cannot be reached/);
  await person.choose("Finished");
  await person.sees("This is the newest version.");
});

const other = signer();
const bytes = Buffer.from("the next version");
const refused = {
  "one byte changed": () => ({ bytes: Buffer.from("the next versiom"), signature: ours.sign(bytes, NEW) }),
  "another key": () => ({ bytes, signature: other.sign(bytes, NEW) }),
  "a signature that names no version": () => ({ bytes, signature: ours.sign(bytes) }),
  "an old version under a new name": () => ({ bytes, signature: ours.sign(bytes, "0.0.1") }),
};
for (const [name, wrong] of Object.entries(refused)) {
  test(`${name} is refused, and the program is as it was`, async () => {
    const [before, asked] = [await digest(), downloads];
    publish(wrong());
    await look();
    await install();
    await person.sees(/not signed by the makers of Comanda/);
    await photograph(window.browser, "updates-refused");
    assert.deepEqual([await digest(), downloads], [before, asked + 1]);
  });
}

test("a line that breaks off in the middle is said, and the program is as it was", async () => {
  const before = await digest();
  publish({
    bytes,
    send: (response) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, 5), () => response.destroy());
    },
  });
  await look();
  await install();
  await person.sees(/cannot be reached/);
  assert.equal(await digest(), before);
});

test("nobody at the address is said, and the restaurant goes on", async () => {
  published = (_, response) => response.destroy();
  await look();
  await person.sees(/cannot be reached/);
  await person.click("link", /^Today/);
  await person.seesControl("heading", "Today");
});

test("a version that is signed takes its place and starts, with the same data", async () => {
  publish({});
  await look();
  await person.sees("The kitchen sees allergens.");
  await photograph(window.browser, "updates-found");
  const [old, ...more] = await processesOf(program);
  assert.deepEqual(more, []);
  await install();
  const next = await until("the start of the next version", async () =>
    (await processesOf(program)).find((id) => id !== old),
  );
  assert.equal(await digest(), createHash("sha256").update(artefact).digest("hex"));
  // The package of the version that ran is kept for the way back.
  const kept = await readFile(path.join(home.folder, "data/comanda/update", `${OWN}.package`));
  assert.ok(kept.equals(own.bytes));
  process.kill(next, "SIGTERM");
  await window.close();
  window = await open(home.folder, {}, program);
  person = hands(window.browser);
  await person.seesControl("link", "Today");
});
