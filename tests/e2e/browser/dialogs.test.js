// Dialogs that are opened from dialogs: nothing in the upper one is hidden from anybody, and closing it gives the
// lower one back as it was.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { chapter, lookAt } = here;
const dialogs = () => here.browser.page.getByRole("dialog");

chapter("what an item asks for, over the order that is being taken", async () => {
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /^New order/);
  await here.person.fill("Table", "T1");
  await here.person.fill("Find an item", "carbonara");
  await here.person.press("Enter");
  await here.person.sees(/^Pasta shape/);
  assert.equal(await dialogs().count(), 2);
  await here.browser.page.locator("button:focus[aria-pressed]").waitFor();
  await lookAt("dialog-choices");
  await here.person.press("Escape");
  await here.browser.page
    .getByText(/^Pasta shape/)
    .last()
    .waitFor({ state: "detached" });
  assert.equal(await dialogs().count(), 1, "Escape closes the upper one alone");
  const table = here.browser.page
    .locator("input")
    .and(here.browser.page.getByLabel("Table", { exact: true }));
  assert.equal(await table.last().inputValue(), "T1");
});

chapter("the search, over the order that is being taken", async () => {
  await here.person.press("Control+k");
  await here.browser.page.locator("input.mantine-Spotlight-search").fill("margherita");
  await here.person.sees("Menu");
  await lookAt("dialog-search");
  await here.person.press("Escape");
  await here.browser.page.locator("input.mantine-Spotlight-search").waitFor({ state: "detached" });
  await here.person.seesControl("button", "Open the order");
  await here.person.press("Escape");
  await dialogs().waitFor({ state: "detached" });
});

chapter("two orders become one that is found by its number", async () => {
  await here.person.click("link", /^Orders/);
  const cards = here.browser.page.locator("[data-order]");
  await cards.first().click();
  await here.person.seesControl("button", "More for this order");
  await here.person.press("m");
  await here.person.sees(/^Merge \S+ into another order$/);
  await lookAt("order-merge");
  await here.person.fill("Find it", "nobody is called this");
  await here.person.sees("No open order is called that.");
  const other = await cards.nth(1).textContent();
  const number = /[A-Z]+-\d{4}/.exec(other)[0];
  await here.person.fill("Find it", number.toLowerCase());
  const found = here.browser.page.getByRole("group", { name: "Into which order" }).getByRole("button");
  await found.filter({ hasText: number }).waitFor();
  await lookAt("order-merge-found");
  await here.person.press("Escape");
});

chapter("a reason, over the shift that is struck out", async () => {
  await here.person.click("link", /^My clock/);
  await here.person.click("button", /^Clock in/);
  await here.person.sees("You are clocked in.");
  await here.browser.page.goto(`${here.engine.origin}/staff/times`);
  await here.browser.page
    .getByRole("button", { name: /^Correct the shift of/ })
    .first()
    .click();
  await here.person.sees(/^Correct a shift of/);
  await here.person.click("button", "Strike out");
  await here.person.sees("Strike out this shift?");
  await lookAt("dialog-reason");
  await here.person.press("Escape");
  await here.browser.page.getByText("Strike out this shift?").waitFor({ state: "detached" });
  await here.person.sees(/^Correct a shift of/);
});
