// A second start hands its link to the window that is open, and a link is a page and nothing more.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { built, temporaryFolder } from "../lib/headless.js";
import { environmentIn, hands, open, until } from "../lib/window.js";
import * as story from "../story.js";

let home;
let window;
let person;
before(async () => {
  home = await temporaryFolder("window-links");
  window = await open(home.folder);
  person = hands(window.browser);
  await story.openTheRestaurant(person);
});
after(async () => {
  await window?.close();
  await home?.remove();
});

/** What the desktop does with a link. */
async function follow(link) {
  const second = spawn(await built("comanda-desktop"), [link], {
    env: environmentIn(home.folder),
    stdio: "ignore",
  });
  const [code] = await once(second, "exit");
  assert.equal(code, 0);
}

const address = () => window.browser.execute(() => window.location.pathname + window.location.search);
const isAt = (wanted) => until(`the address ${wanted}`, async () => (await address()) === wanted);

const ORDER = "0198c0de-0000-7000-8000-000000000001";
for (const [link, at] of [
  ["comanda://backups", "/backups"],
  ["comanda://engine/health", "/engine/health"],
  [`comanda://orders/${ORDER}`, `/orders?order=${ORDER}`],
  ["comanda://staff/roles", "/staff/roles"],
  ["comanda://orders?new=1", "/orders"],
]) {
  test(`${link} opens ${at} in the window that is open`, async () => {
    await follow(link);
    await isAt(at);
  });
}

for (const link of ["comanda://nothing/here", "comanda://first-run#code=abc", "comanda://somebody@orders"]) {
  test(`${link} opens the start page`, async () => {
    await follow("comanda://settings");
    await isAt("/settings");
    await follow(link);
    await isAt("/today");
  });
}

test("without a link the page stays as it was", async () => {
  await follow("comanda://settings");
  await isAt("/settings");
  await follow("--anything");
  assert.equal(await address(), "/settings");
});

test("a link starts the program where none runs, and its page comes first", async () => {
  await window.close();
  window = await open(home.folder, {}, undefined, ["comanda://backups"]);
  person = hands(window.browser);
  await isAt("/backups");
});
