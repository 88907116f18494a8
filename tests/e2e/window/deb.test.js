// A package of the system renews itself: dpkg installed it, the updater has dpkg install the next one, and the next
// one starts with the data of the first. The packages are made as a release's are; only the question for an
// administrator is answered here, and the system they go into is a folder.
import assert from "node:assert/strict";
import { once } from "node:events";
import { appendFile, mkdir, readFile, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { pack, system } from "../lib/deb.js";
import { ask } from "../lib/desktop.js";
import { built, temporaryFolder } from "../lib/headless.js";
import { signer } from "../lib/minisign.js";
import { hands, open, photograph, processesOf, until } from "../lib/window.js";
import * as story from "../story.js";

const OLD = "0.1.0";
const NEW = "9.9.9";
const MARK = "the next version";
const TARGET = `linux-${{ x64: "x86_64", arm64: "aarch64" }[process.arch]}-deb`;
const key = signer();
const hasDpkg = await ask("dpkg", "--version").then(
  () => true,
  () => false,
);
let home;
let here;
let folder;
let server;
let window;
let person;

before(async () => {
  if (!hasDpkg) return;
  home = await temporaryFolder("window-deb");
  const program = path.join(home.folder, "comanda-desktop");
  // What finds mistakes in a debug build is nine tenths of it, and would be packed and unpacked.
  await ask("strip", "-o", program, await built("comanda-desktop"));
  const packages = { [OLD]: await pack(home.folder, OLD, program) };
  await appendFile(program, MARK);
  packages[NEW] = await pack(home.folder, NEW, program);
  here = await system(path.join(home.folder, "system"));
  await here.install(packages[OLD]);

  // No program but these is found: whoever runs this may have a real pkexec, or a sudo that asks nothing.
  folder = path.join(home.folder, "programs");
  await mkdir(folder);
  await symlink(await ask("which", "tauri-driver"), path.join(folder, "tauri-driver"));
  const published = {};
  server = createServer((request, response) => response.end(published[request.url])).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${server.address().port}`;
  for (const [version, deb] of Object.entries(packages)) {
    const bytes = await readFile(deb);
    const platforms = { [TARGET]: { url: `${address}/${version}.deb`, signature: key.sign(bytes, version) } };
    published[`/${version}.deb`] = bytes;
    published[`/${version}.json`] = JSON.stringify({ version, platforms });
  }
  published["/stable.json"] = published[`/${NEW}.json`];
  const more = { PATH: folder, COMANDA_UPDATES: address, COMANDA_UPDATES_KEY: key.publicKey };
  window = await open(home.folder, more, here.program);
  person = hands(window.browser);
  await story.openTheRestaurant(person);
});
after(async () => {
  await window?.close();
  server?.closeAllConnections();
  server?.close();
  await home?.remove();
});

const withDpkg = (name, run) => test(name, { skip: !hasDpkg && "needs dpkg" }, run);

async function install() {
  await person.click("link", /^Settings/);
  await person.click("button", "Look now");
  await person.sees(`Comanda ${NEW} is there`);
  await person.click("button", `Install ${NEW}`);
  await person.click("button", "Install and start again");
}

withDpkg("where nothing asks for an administrator, it is said what is missing", async () => {
  await install();
  await person.sees(/Install pkexec \(part of polkit\) and try again/);
  await photograph(window.browser, "deb-nobody-asks");
  assert.equal(await here.version(), `installed ${OLD}`);
});

withDpkg("an administrator who says no is taken at their word", async () => {
  await here.refuse(folder);
  await install();
  await person.sees(/An administrator has to agree/);
  assert.equal(await here.version(), `installed ${OLD}`);
});

withDpkg(
  "an administrator who says yes has dpkg put the next version in place, which starts with the data",
  async () => {
    await here.agree(folder);
    const [old] = await processesOf(here.program);
    await install();
    const next = await until("the start of the next version", async () =>
      (await processesOf(here.program)).find((id) => id !== old),
    );
    assert.equal(await here.version(), `installed ${NEW}`);
    assert.ok((await readFile(here.program)).includes(MARK));
    process.kill(next, "SIGTERM");
    await window.close();
    window = await open(home.folder, {}, here.program);
    person = hands(window.browser);
    await person.seesControl("link", "Today");
    await photograph(window.browser, "deb-next");
  },
);
