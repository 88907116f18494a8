// Slips of the hand in Chromium: a sum that is none, a tip below nothing, a percentage beyond the bill, a table where
// somebody sits already. Nothing is bent into something else; the field says it.
import assert from "node:assert/strict";
import { becomes } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "import"));
const { chapter, lookAt } = here;
const button = (name) => here.browser.page.getByRole("button", { name }).last();
const isOff = (name) => () => button(name).isDisabled();

async function order(table) {
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /^New order/);
  await here.person.fill("Table", table);
  await here.person.fill("Find an item", "2 tag");
  await here.person.press("Enter");
  await here.person.click("button", "Open and hold");
  await here.person.sees(/Held/);
}

chapter("who comes with past sales begins at Import", async () => {
  await here.person.sees(/Drop a file of sales here/);
  assert.equal(new URL(here.browser.page.url()).pathname, "/imports");
});

chapter("a price that is no amount is not taken", async () => {
  await story.writeTheMenu(here.person);
  await here.person.click("button", /^Add item/);
  await here.person.fill("Name", "Grappa");
  for (const typed of ["0.005", "1e9", "9 x 5", "9.5.0", "12.345"]) {
    await here.person.fill("Price", typed);
    await here.person.sees("This is not an amount.");
  }
  await here.person.fill("Tax rate", "101");
  await here.person.sees("Between 0 and 100.");
  await here.person.click("button", "Add");
  await here.person.seesControl("button", "Add");
  await lookAt("menu-no-amount");
  await here.person.press("Escape");
});

chapter("a table where somebody sits says so", async () => {
  await order("4");
  await here.person.click("button", /^New order/);
  await here.person.fill("Table", "4");
  await here.person.sees(/^Order \S+ is at this table since \d\d:\d\d\.$/);
  await here.person.fill("Covers", "-2");
  await here.person.sees("Between 1 and 999.");
  await becomes(isOff("Open the order"), true);
  await lookAt("new-order-taken");
  await here.person.fill("Covers", "2");
  await becomes(isOff("Open the order"), false);
  await here.person.click("button", /^Go to /);
  await here.person.seesControl("button", /^Pay €22\.00/);
});

chapter("a discount is what was typed or nothing", async () => {
  await here.person.click("button", "More for this order");
  await here.person.click("menuitem", "Discount");
  await here.person.click("button", "Regular guest");
  for (const typed of ["-10", "0", "101"]) {
    await here.person.fill("How much, in percent", typed);
    await here.person.sees("Between 0.01 and 100.");
    await becomes(isOff("Take it off"), true, typed);
  }
  await lookAt("discount-out-of-range");
  await here.person.fill("How much, in percent", "");
  await here.browser.page.keyboard.type("12,5");
  await becomes(isOff("Take it off"), false);
  await here.person.press("Escape");
});

chapter("a payment waits until every sum can be read", async () => {
  await here.person.press("p");
  await here.person.sees("To take");
  await here.person.fill("The guest hands over", "abc");
  await here.person.sees("This is not an amount.");
  await becomes(isOff(/^Take €22\.00 in cash/), true);
  await here.person.fill("The guest hands over", "");
  await becomes(isOff(/^Take €22\.00 in cash/), false);
  await here.person.fill("Tip (optional)", "-5");
  await here.person.sees("An amount cannot be less than zero.");
  await becomes(isOff(/^Take €22\.00 in cash/), true);
  await lookAt("pay-negative-tip");
  await here.person.fill("Tip (optional)", "");
  await here.person.click("button", "Take €22.00 in cash");
  await here.person.sees(/^The bill is paid/);
  await here.person.click("button", "Done");
});
