// The icon in the tray, asked over the bus as a panel asks it; and the window where there can be none.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { MEMORY } from "../lib/memory.js";
import { ask, notifications } from "../lib/desktop.js";
import { temporaryFolder } from "../lib/headless.js";
import { hands, open, until } from "../lib/window.js";
import * as story from "../story.js";

const ITEM = "/org/ayatana/NotificationItem/tray_icon_tray_app_comanda";
let home;
let notices;
before(async () => {
  home = await temporaryFolder("window-tray");
  notices = await notifications(home.folder);
});
after(async () => {
  await notices?.stop();
  await home?.remove();
});

/** One answer of the bus, as JSON. */
async function call(owner, object, method, ...words) {
  const [name, call] = method.split(" ");
  const asked = ["--user", "--json=short", "call", "--", owner, object, name, call, ...words];
  const answer = await ask("busctl", ...asked);
  return answer === "" ? null : JSON.parse(answer).data;
}

/** Which of those on the bus has the icon; null: nobody. */
async function owner() {
  const [names] = await call(
    "org.freedesktop.DBus",
    "/org/freedesktop/DBus",
    "org.freedesktop.DBus ListNames",
  );
  const trees = names
    .filter((name) => name.startsWith(":"))
    .map(async (name) => {
      const tree = await ask("busctl", "--user", "--timeout=1", "tree", "--list", name).catch(() => "");
      return tree.includes(ITEM) ? name : null;
    });
  return (await Promise.all(trees)).find((name) => name !== null) ?? null;
}

/** The entries of the menu by their words. */
async function menu(name) {
  const [, [, , entries]] = await call(
    name,
    `${ITEM}/Menu`,
    "com.canonical.dbusmenu GetLayout",
    "iias",
    "0",
    "-1",
    "0",
  );
  const named = entries.map(({ data: [number, about] }) => [about.label?.data?.replace("_", ""), number]);
  return new Map(named.filter(([label]) => label !== undefined));
}

async function choose(name, words) {
  const number = (await menu(name)).get(words);
  assert.ok(number !== undefined, `no ${words} in the menu`);
  const event = [`${number}`, "clicked", "i", "0", "0"];
  await call(name, `${ITEM}/Menu`, "com.canonical.dbusmenu Event", "isvu", ...event);
}

async function iconOf(name) {
  const file = await ask(
    "busctl",
    "--user",
    "get-property",
    name,
    ITEM,
    "org.kde.StatusNotifierItem",
    "IconName",
  );
  return readFile(JSON.parse(file.replace(/^s /, ""))).catch(() => null);
}

test("the tray says how it stands, by colour and in words, and its menu works", async () => {
  const window = await open(home.folder);
  const person = hands(window.browser);
  try {
    await story.openTheRestaurant(person);
    const name = await until("the icon in the tray", owner);
    const words = [...(await menu(name)).keys()];
    const all = ["All is well", "Open Comanda", "Today", "Orders", "Back up now", "Quit"];
    assert.deepEqual(words, all);
    const well = await until("its picture", () => iconOf(name));

    await choose(name, "Orders");
    await person.seesControl("heading", "Orders");
    await choose(name, "Today");
    await person.seesControl("heading", "Today");

    // No place for backups yet: said, and its page is a click away.
    await choose(name, "Back up now");
    await until("the notice", () => notices.titles().includes("The backup failed"));
    await notices.click();
    await person.seesControl("heading", "Backups");

    await person.click("link", "Alerts");
    await person.click("button", `Change: ${MEMORY}`);
    await person.fill("Alert above (percent)", "1");
    await person.pick("When it has been so for", "at once");
    await person.click("button", "Save");
    await until("the words of a warning", async () => (await menu(name)).has("Something wants a look"));
    const warned = await until("another picture", async () => {
      const picture = await iconOf(name);
      return picture !== null && !picture.equals(well);
    });
    assert.ok(warned);

    await choose(name, "Quit");
    await until("the end of the icon", async () => (await owner()) === null);
  } finally {
    await window.close();
  }
});

test("without its library there is no icon, one line says so, and the window works", async () => {
  // Found first, and no library: loading it fails as it does where there is none.
  const libraries = path.join(home.folder, "libraries");
  await mkdir(libraries);
  for (const name of ["libayatana-appindicator3.so.1", "libappindicator3.so.1"]) {
    await writeFile(path.join(libraries, name), "");
  }
  const window = await open(home.folder, { LD_LIBRARY_PATH: libraries });
  try {
    await hands(window.browser).seesControl("link", "Today");
    assert.equal(await owner(), null);
    const logs = path.join(home.folder, "data", "comanda", "logs");
    const files = (await readdir(logs)).filter((name) => name.startsWith("errors"));
    const lines = (await Promise.all(files.map((name) => readFile(path.join(logs, name), "utf8")))).join("");
    assert.equal(lines.match(/no icon in the tray/g)?.length, 1);
  } finally {
    await window.close();
  }
});
