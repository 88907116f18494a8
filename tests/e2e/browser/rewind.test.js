// A look back: a moment of the demo's day is chosen on the time line, the pages
// show it under their banner, it is held against now, and Escape comes back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

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

async function looksRight(name) {
  await browser.page.waitForLoadState("networkidle");
  const findings = await examine(browser.page, name);
  assert.deepEqual([...findings, ...browser.complaints.splice(0)], []);
}

const openOrders = async () => {
  const compared = browser.page.locator('tr[data-key="open"] td');
  return (await compared.allInnerTexts()).map(Number);
};

test("a moment is chosen on the time line by the keys alone", async () => {
  await browser.page.locator("h1").first().waitFor();
  await person.press("g");
  await person.press("b");
  await person.seesControl("heading", "Rewind");
  await person.sees("What had happened");
  const slider = browser.page.getByRole("slider", { name: "Time of the moment" });
  await slider.focus();
  for (let step = 0; step < 3; step++) await person.press("PageDown");
  await looksRight("rewind-choose");
  await browser.page.locator("h1").first().focus();
  await person.press("Enter");
  await person.sees(/This is the past/);
  await person.seesControl("heading", "Today");
});

test("every page shows the moment, says so, and offers nothing that would change it", async () => {
  await looksRight("rewind-today");
  await person.click("link", /^Orders/);
  await person.seesControl("heading", "Orders");
  assert.equal(await browser.page.getByRole("button", { name: /^New order/ }).count(), 0);
  await looksRight("rewind-orders");
});

test("the moment stands beside now", async () => {
  await person.click("link", "Beside now");
  await person.seesControl("heading", "Then and now");
  await person.sees(/Since then \d+ things have happened/);
  const [then, now] = await openOrders();
  assert.ok(then !== now, `${then} open then, ${now} now`);
  await looksRight("rewind-beside-now");
});

test("Escape comes back to now", async () => {
  await person.press("Escape");
  await person.sees("What had happened");
  assert.equal(await browser.page.getByText(/This is the past/).count(), 0);
  await person.click("link", /^Orders/);
  await person.seesControl("button", /^New order/);
});
