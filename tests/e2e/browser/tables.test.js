// The floor in Chromium: begun with a ready one, an order opened at a table and moved, two that become one, a call
// that is answered, and tables arranged by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open, photograph } from "../lib/browser.js";
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
  await story.openTheRestaurant(person);
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

/** Fails with what axe and the console complain of. */
async function looksRight(name) {
  const findings = await examine(browser.page, name);
  assert.deepEqual([...findings, ...browser.complaints.splice(0)], []);
}

function step(name, tell) {
  test(name, async () => {
    try {
      await tell();
    } catch (error) {
      await photograph(browser.page, "tables-broken");
      throw error;
    }
  });
}

step("a house without a floor begins with a ready one", async () => {
  await person.click("link", /^Tables/);
  await person.sees("Draw your floor");
  await looksRight("tables-empty");
  await person.click("button", "Begin with a ready floor");
  await person.sees("0 of 17 tables taken");
  await looksRight("tables-free");
});

/** A party sits down at a free table of the dining room. */
async function seat(table, covers) {
  await person.click("button", new RegExp(`^Table ${table}, Free`));
  await person.click("button", "Open an order");
  await person.click("button", covers);
  await person.click("button", "Open the order");
  await person.sees(/^A-\d+ · opened/);
  await person.click("link", /^Tables/);
}

step("an order is opened from its table, with as many as it has seats", async () => {
  await seat("4", "3");
  await person.seesControl("button", /^Table 4, Seated, 4 seats, 3 guests/);
  await person.sees("1 of 17 tables taken · 3 guests");
});

step("a party moves to a free table, and joins another one", async () => {
  await person.click("button", /^Table 4, Seated/);
  await looksRight("tables-one");
  await person.click("button", "Move");
  await person.sees(/where to\?/);
  await person.click("button", /^Table 6, Free/);
  await person.sees("Move A-0001 to Table 6?");
  await person.click("button", "Move");
  await person.sees("A-0001 is at Table 6 now.");
  await person.seesControl("button", /^Table 4, Free/);
  await person.click("button", "Back to the floor");
  await seat("3", "2");
  await person.click("button", /^Table 3, Seated/);
  await person.click("button", "Move");
  await person.click("button", /^Table 6, Seated/);
  await person.sees("Table 6 is taken");
  await looksRight("tables-taken");
  await person.click("button", "Join A-0001");
  await person.seesControl("button", /^Table 6, Seated, 4 seats, 5 guests/);
  await person.seesControl("button", /^Table 3, Free/);
});

step("a table calls until somebody is there", async () => {
  await person.click("button", "Call a waiter");
  await person.seesControl("button", "Table 6: I am there");
  await looksRight("tables-calling");
  await person.click("button", "Table 6: I am there");
  await person.sees(/^Marta Luna came at/);
  await person.click("button", "Take this table");
  await person.seesControl("button", /^Table 6, .* served by Marta Luna/);
});

step("tables are moved and sized by the keyboard, and Escape keeps what is saved", async () => {
  await person.click("button", /^Arrange/);
  const two = browser.page.getByRole("button", { name: /^Table 2, / });
  await two.click();
  const field = (label) => browser.page.getByLabel(label, { exact: true });
  const before = Number(await field("From the left").inputValue());
  const saved = () =>
    browser.page.waitForResponse((response) => response.url().endsWith("/floor/arrange") && response.ok());
  await two.focus();
  const nudged = saved();
  await person.press("ArrowRight");
  await person.press("Shift+ArrowDown");
  await nudged;
  await person.press("ArrowRight");
  await person.press("Escape");
  assert.equal(Number(await field("From the left").inputValue()), before + 20);
  assert.equal(Number(await field("Depth").inputValue()), 100);
  await looksRight("tables-arranging");
  const undone = saved();
  await person.click("button", "Undo");
  await undone;
  assert.equal(Number(await field("From the left").inputValue()), before);
  await person.click("button", "Done");
  await person.choose("List");
  await looksRight("tables-list");
});
