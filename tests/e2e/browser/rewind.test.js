// A look back: a moment of the demo's day is chosen on the time line, the pages
// show it under their banner, it is held against now, and Escape comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { looksRight } = here;

const openOrders = async () => {
  const compared = here.browser.page.getByRole("row", { name: /^Open orders/ }).getByRole("cell");
  return (await compared.allInnerTexts()).map(Number);
};

test("a moment is chosen on the time line by the keys alone", async () => {
  await here.browser.page.locator("h1").first().waitFor();
  await here.person.press("g");
  await here.person.press("b");
  await here.person.seesControl("heading", "Rewind");
  await here.person.sees("What had happened");
  const slider = here.browser.page.getByRole("slider", { name: "Time of the moment" });
  await slider.focus();
  for (let step = 0; step < 3; step++) await here.person.press("PageDown");
  await looksRight("rewind-choose");
  await here.browser.page.locator("h1").first().focus();
  await here.person.press("Enter");
  await here.person.sees(/This is the past/);
  await here.person.seesControl("heading", "Today");
});

test("every page shows the moment, says so, and offers nothing that would change it", async () => {
  await looksRight("rewind-today");
  await here.person.click("link", /^Orders/);
  await here.person.seesControl("heading", "Orders");
  assert.equal(await here.browser.page.getByRole("button", { name: /^New order/ }).count(), 0);
  await looksRight("rewind-orders");
});

test("the moment stands beside now", async () => {
  await here.person.click("link", "Beside now");
  await here.person.seesControl("heading", "Then and now");
  await here.person.sees(/Since then \d+ things have happened/);
  const [then, now] = await openOrders();
  assert.ok(then !== now, `${then} open then, ${now} now`);
  await looksRight("rewind-beside-now");
});

test("Escape comes back to now", async () => {
  await here.person.press("Escape");
  await here.person.sees("What had happened");
  assert.equal(await here.browser.page.getByText(/This is the past/).count(), 0);
  await here.person.click("link", /^Orders/);
  await here.person.seesControl("button", /^New order/);
});
