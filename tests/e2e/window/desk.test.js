// What the window asks of the desktop: where to save a file, whether to start at login, a page in a browser. The
// dialogs are the system's own, and a keyboard answers them.
import assert from "node:assert/strict";
import { chmod, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { ask } from "../lib/desktop.js";
import { built, temporaryFolder } from "../lib/headless.js";
import { hands, open, photograph, until } from "../lib/window.js";
import * as story from "../story.js";

let home;
let window;
let person;
before(async () => {
  home = await temporaryFolder("window-desk");
  window = await open(home.folder);
  person = hands(window.browser);
  await story.openTheRestaurant(person);
});
after(async () => {
  await window?.close();
  await home?.remove();
});

const read = (...parts) => readFile(path.join(home.folder, ...parts), "utf8").catch(() => null);

/** Asks for the audit as a file; answers with the number of the system's dialog. */
async function askForTheAudit() {
  await person.click("link", /^Audit/);
  await person.click("button", "CSV");
  return until("the system's dialog", saveDialog);
}

const saveDialog = () => ask("xdotool", "search", "--onlyvisible", "--name", "^Save").catch(() => "");

/** Every window a person can see; some are a single point. */
async function windows() {
  // One that closes while it looks ends the search in an error.
  const found = () => ask("xdotool", "search", "--onlyvisible", "--name", "").catch(() => "");
  const all = (await until("the windows", found)).split("\n");
  const shapes = await Promise.all(
    all.map((one) => ask("xdotool", "getwindowgeometry", one).catch(() => "1x1")),
  );
  return all.filter((_, at) => !/\b1x1$/.test(shapes[at]));
}

/** Types into a dialog as a keyboard does. */
async function type(dialog, place, key) {
  await ask("timeout", "2", "xdotool", "windowfocus", "--sync", dialog);
  if (place !== null) await ask("xdotool", "key", "ctrl+a", "type", "--delay", "5", place);
  await ask("xdotool", "key", key);
}

test("a file is saved where the person says, whole, and the page says where", async () => {
  const place = path.join(home.folder, "the audit.csv");
  const dialog = await askForTheAudit();
  await type(dialog, place, "Return");
  await person.sees(`Saved as ${place}`);
  await photograph(window.browser, "saved");
  assert.match(await read("the audit.csv"), /^.*,.*\r?\n/);
  const left = (await readdir(home.folder)).filter((name) => name.endsWith(".part"));
  assert.deepEqual(left, []);
});

test("what is there is replaced after the system has asked", async () => {
  await writeFile(path.join(home.folder, "old.csv"), "old");
  const dialog = await askForTheAudit();
  const before = await windows();
  await type(dialog, path.join(home.folder, "old.csv"), "Return");
  // The box of suggestions is a new window too and takes a Return for itself; it has a name, the question has none.
  let looks = 0;
  const question = await until("the system's question", async () => {
    for (const one of (await windows()).filter((window) => !before.includes(window))) {
      const name = await ask("xdotool", "getwindowname", one).catch(() => "gone");
      if (name === "") return one;
    }
    looks += 1;
    if (looks % 15 === 0) await type(dialog, null, "Return").catch(() => {});
    return undefined;
  });
  assert.equal(await read("old.csv"), "old", "not before it is answered");
  // Without a window manager a key can come before the question has the keyboard.
  await until("the answer to it", async () => {
    await type(question, null, "alt+r").catch(() => {});
    return !(await windows()).includes(question);
  });
  await person.sees(`Saved as ${path.join(home.folder, "old.csv")}`);
  assert.notEqual(await read("old.csv"), "old");
});

test("cancelling saves nothing and is no error", async () => {
  const before = await readdir(home.folder);
  const dialog = await askForTheAudit();
  await type(dialog, null, "Escape");
  await until("the end of the dialog", async () => (await saveDialog()) === "");
  await person.click("link", /^Today/);
  await person.seesControl("heading", "Today");
  assert.equal(
    await window.browser.execute(
      () => document.querySelectorAll(".mantine-Notification-root[data-bad]").length,
    ),
    0,
  );
  assert.deepEqual(await readdir(home.folder), before);
});

test("a place that cannot be written to is said in words", async () => {
  const dialog = await askForTheAudit();
  await type(dialog, "/proc/audit.csv", "Return");
  await person.sees(/^audit\.csv could not be saved there\./);
  await photograph(window.browser, "not-saved");
});

test("the window starts at login when it is told to, and no longer when it is told not to", async () => {
  const starts = async () => {
    const folder = path.join(home.folder, ".config", "autostart");
    const files = await readdir(folder).catch(() => []);
    return Promise.all(files.map((file) => path.join(folder, file)));
  };
  assert.deepEqual(await starts(), []);
  await person.click("link", /^Settings/);
  await person.sees("Start with this computer");
  await person.click("switch", "Start with this computer");
  const [file] = await until("the entry", async () => ((await starts()).length > 0 ? await starts() : null));
  await photograph(window.browser, "this-computer");
  assert.equal(await ask("desktop-file-validate", file), "");
  assert.ok((await readFile(file, "utf8")).includes(await built("comanda-desktop")));
  await person.click("switch", "Start with this computer");
  await until("the entry to be gone", async () => (await starts()).length === 0);
});

test("the contract opens in the person's own browser", async () => {
  // A browser as the desktop knows one: a program that is told an address.
  const applications = path.join(home.folder, "data", "applications");
  const browser = path.join(home.folder, "browser");
  await mkdir(applications, { recursive: true });
  await mkdir(path.join(home.folder, "config"), { recursive: true });
  await writeFile(browser, `#!/bin/sh\necho "$1" > "${home.folder}/opened"\n`);
  await chmod(browser, 0o755);
  const entry = ["[Desktop Entry]", "Type=Application", "Name=Browser", `Exec=${browser} %u`];
  await writeFile(path.join(applications, "browser.desktop"), `${entry.join("\n")}\n`);
  const list = "[Default Applications]\nx-scheme-handler/http=browser.desktop\n";
  await writeFile(path.join(home.folder, "config", "mimeapps.list"), list);
  await person.click("link", /^Settings/);
  await person.click("link", /^API keys|^Keys/);
  await person.click("button", "API docs");
  const opened = await until("the browser", () => read("opened"));
  assert.match(opened, /^http:\/\/127\.0\.0\.1:\d+\/api-docs\/\n$/);
  assert.equal((await fetch(opened.trim())).status, 200);
});
