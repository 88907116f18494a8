// The key of the backups in a real key store of the desktop, and where there is none.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask, isOnBus } from "../lib/desktop.js";
import { end, temporaryFolder } from "../lib/headless.js";
import { environmentIn, hands, open, photograph, until } from "../lib/window.js";
import * as story from "../story.js";

let home;
let store;
before(async () => {
  home = await temporaryFolder("window-keystore");
});
after(async () => {
  if (store !== undefined) await end(store);
  await home?.remove();
});

const keyFile = () => path.join(home.folder, "data", "comanda", "backups", "key.json");
const key = async () => JSON.parse(await readFile(keyFile(), "utf8").catch(() => "null"));

/** GNOME's, with a collection that a password of this test opens. */
async function openTheStore() {
  store = spawn("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"], {
    env: environmentIn(home.folder),
    stdio: ["pipe", "ignore", "inherit"],
  });
  await once(store, "spawn");
  store.stdin.end("a password of the desk");
  await until("the key store", () => isOnBus("org.freedesktop.secrets"));
  // It has its name before it has a place to keep anything, and would ask a person for one.
  const asked = ["--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets"];
  const method = ["--method", "org.freedesktop.Secret.Service.ReadAlias", "default"];
  await until("a place in it", async () =>
    (await ask("gdbus", "call", "--session", ...asked, ...method)).includes("/collection/"),
  );
}

test("without a key store the key lies in a file that only its owner may read, and the page says so", async () => {
  const nobody = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };
  const window = await open(home.folder, nobody);
  const person = hands(window.browser);
  try {
    await story.openTheRestaurant(person);
    await person.click("link", /^Backups/);
    await person.click("button", "Choose a place");
    await person.fill("Name", "Pantry");
    await person.fill("Folder", path.join(home.folder, "elsewhere"));
    await person.click("button", "Use this place");
    // The page still grows while the first backup is made and tried: a press that misses its button is made again.
    const shown = await until("the recovery key", async () => {
      const text = await window.browser.execute(
        () => document.querySelector("[role=dialog] code")?.textContent ?? null,
      );
      if (text === null) await person.click("button", "Show the recovery key");
      return text;
    });
    await person.fill("Its last two groups, from the paper", shown.slice(-9));
    await person.click("button", "It is written down");
    await person.sees(/^It lies in a file that only you may read on this computer: no key store/);
    await photograph(window.browser, "key-in-a-file");
    assert.equal((await stat(keyFile())).mode & 0o777, 0o600);
    assert.match((await key()).key, /^[0-9a-f]{64}$/);
  } finally {
    await window.close();
  }
});

test("with one the key moves there, and the next start has it from there", async () => {
  await openTheStore();
  const before = await key();
  for (const start of ["first", "second"]) {
    const window = await open(home.folder);
    const person = hands(window.browser);
    try {
      await until(`the move at the ${start} start`, async () => (await key()).key === undefined);
      await person.click("link", /^Backups/);
      await person.sees("It is in the key store of this computer.");
      await photograph(window.browser, "key-in-the-store");
    } finally {
      await window.close();
    }
  }
  const kept = await readFile(keyFile(), "utf8");
  assert.ok(!kept.includes(before.key), "the file holds no key");
});

test("a key store that lost the key stops backups and says so, and no other key is made", async () => {
  const before = await key();
  await end(store);
  store = undefined;
  const window = await open(home.folder, { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" });
  try {
    const person = hands(window.browser);
    await person.click("link", /^Backups/);
    await person.sees(/^The key store of this computer does not give the key/);
    await photograph(window.browser, "key-out-of-reach");
    assert.deepEqual(await key(), before);
  } finally {
    await window.close();
  }
});
