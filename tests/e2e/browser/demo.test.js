// Every page of a restaurant that has a past, each looked at; then signing out
// and in, the other language, and what the pages say when the engine is gone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { examine } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
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
  "Health",
  "Logs",
  "Settings",
];

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { looksRight } = here;

for (const page of PAGES) {
  test(`${page} of a restaurant with a past has no barrier`, async () => {
    await here.person.click("link", new RegExp(`^${page}`));
    await here.person.seesControl("heading", page);
    await looksRight(`demo-${page.toLowerCase().replace(" ", "-")}`);
  });
}

test("the table of all orders has no barrier", async () => {
  await here.person.click("link", /^Orders/);
  await here.person.choose("Table");
  await here.person.sees(/orders?( so far|$)/);
  await looksRight("demo-orders-table");
});

test("after signing out the password opens the door again, in Spanish too", async () => {
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Sign out");
  await here.person.sees("Good to see you");
  await looksRight("login");
  await here.person.fill("E-mail", story.OWNER.email);
  await here.person.fill("Password", "not the password 1 A");
  await here.person.click("button", "Sign in");
  await here.person.sees(/do not belong together/);
  here.browser.complaints.splice(0); // The refused log-in itself, which the browser reports.
  await here.person.fill("Password", story.OWNER.password);
  await here.person.click("button", "Sign in");
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Español");
  await here.person.click("link", /^Hoy/);
  await here.person.seesControl("heading", "Hoy");
  await looksRight("demo-spanish");
});

test("without the engine the page says how old its figures are", async () => {
  await here.engine.cut();
  await here.person.sees(/El motor no responde/);
  const findings = await examine(here.browser.page, "engine-gone");
  assert.deepEqual(findings, []);
});
