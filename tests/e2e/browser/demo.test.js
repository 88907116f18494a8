// Every page of a restaurant that has a past, each looked at; then signing out
// and in, the other language, and what the pages say when the engine is gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

const PAGES = [
  "Today",
  "Orders",
  "Kitchen",
  "Tables",
  "Menu",
  "Till",
  "Tasks",
  "My clock",
  "Staff",
  "Reports",
  "Import",
  "Inbox",
  "Audit",
  "Rewind",
  "Settings",
];

let engine;
let browser;
let person;
before(async () => {
  engine = await serve();
  browser = await open();
  person = hands(browser.page);
  await browser.page.goto(engine.link);
  await story.openTheRestaurant(person, undefined, "demo");
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

/** Fails with what axe and the console complain of. */
async function looksRight(name) {
  await browser.page.waitForLoadState("networkidle");
  const findings = await examine(browser.page, name);
  assert.deepEqual([...findings, ...browser.complaints.splice(0)], []);
}

for (const page of PAGES) {
  test(`${page} of a restaurant with a past has no barrier`, async () => {
    await person.click("link", new RegExp(`^${page}`));
    await person.seesControl("heading", page);
    await looksRight(`demo-${page.toLowerCase().replace(" ", "-")}`);
  });
}

test("the table of all orders has no barrier", async () => {
  await person.click("link", /^Orders/);
  await person.choose("Table");
  await person.sees(/orders?( so far|$)/);
  await looksRight("demo-orders-table");
});

test("after signing out the password opens the door again, in Spanish too", async () => {
  await person.click("button", /sign out/);
  await person.click("menuitem", "Sign out");
  await person.sees("Good to see you");
  await looksRight("login");
  await person.fill("E-mail", story.OWNER.email);
  await person.fill("Password", "not the password 1 A");
  await person.click("button", "Sign in");
  await person.sees(/do not belong together/);
  browser.complaints.splice(0); // The refused log-in itself, which the browser reports.
  await person.fill("Password", story.OWNER.password);
  await person.click("button", "Sign in");
  await person.click("button", /sign out/);
  await person.click("menuitem", "Español");
  await person.click("link", /^Hoy/);
  await person.seesControl("heading", "Hoy");
  await looksRight("demo-spanish");
});

test("without the engine the page says how old its figures are", async () => {
  await engine.cut();
  await person.sees(/El motor no responde/);
  const findings = await examine(browser.page, "engine-gone");
  assert.deepEqual(findings, []);
});
