// Money at the till in Chromium: a split bill paid check by check, cash back, a card that waits for its answer, a
// payment taken back, a void somebody approves, and a drawer counted by coins and notes.
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
  await story.writeTheMenu(person);
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

let findings = [];
async function lookAt(name) {
  findings.push(...(await examine(browser.page, name)));
  findings.push(...browser.complaints.splice(0).map((complaint) => `${name}, console: ${complaint}`));
}

let brokenAt = null;
function chapter(name, tell) {
  test(name, async () => {
    assert.equal(brokenAt, null, "the story broke off earlier");
    findings = [];
    try {
      await tell();
    } catch (error) {
      brokenAt = name;
      await photograph(browser.page, "broken-money");
      throw error;
    }
    assert.deepEqual(findings, []);
  });
}

/** Two dishes and a glass at a table: 27.50. */
async function order(table) {
  await person.click("link", /^Orders/);
  await person.click("button", /^New order/);
  await person.fill("Table", table);
  await person.fill("Find an item", "2 tag");
  await person.press("Enter");
  await person.fill("Find an item", "wine");
  await person.press("Enter");
  await person.click("button", "Open and hold");
  await person.sees(/Held/);
}

chapter("charges and caps are set", async () => {
  await person.click("link", /^Settings/);
  await person.sees("Service charge and discounts");
  await person.fill("A cashier takes off at most", "15");
  const panel = browser.page.getByRole("region", { name: "Service charge and discounts" });
  await panel.getByRole("button", { name: "Save changes" }).click();
  await person.sees("Saved. Every screen shows it from now on.");
  await lookAt("settings-charges");
});

chapter("the float is counted by coins and notes", async () => {
  await person.click("link", /^Till/);
  await person.click("button", "Open the till");
  await person.choose("Coins and notes");
  await person.fill("€20.00", "4");
  await person.fill("€2.00", "10");
  await lookAt("till-counting");
  await person.click("button", "Open with €100.00");
  await person.sees("The till is open");
});

chapter("a split bill is paid check by check, with cash back", async () => {
  await order("4");
  await person.press("x");
  await person.sees(/^Split /);
  await person.click("button", /House wine/);
  await person.seesControl("button", "All on one check again");
  await lookAt("order-split");
  await person.press("Escape");
  await person.press("p");
  await person.seesControl("radio", /\/2/);
  await person.choose(/\/2/);
  await person.choose("Card");
  await person.click("button", "Cash back");
  await person.fill("Charged on the card", "10");
  await person.sees(/^Cash to give back\s*€4\.50$/);
  await lookAt("order-cash-back");
  await person.click("button", "Record €10.00 by card");
  await person.sees("Cash to give back");
  await lookAt("order-cash-back-done");
  await person.click("button", "Next payment");
  await person.sees("To take");
});

chapter("a card waits for its answer, on the order and on Today", async () => {
  await person.choose("Card");
  await person.click("button", /^Ask the terminal first/);
  await person.sees(/^€22\.00 is asked of a card/);
  await lookAt("order-card-waits");
  await person.press("Escape");
  await person.click("link", /^Today/);
  await person.sees("1 card payment waits for its answer.");
  await lookAt("today-card-waits");
  await person.click("link", /€22\.00 since/);
  await person.press("p");
  await person.click("button", "It went through");
  await person.sees(/^The bill is paid/);
  await person.click("button", "Done");
});

chapter("a payment is taken back with a reason", async () => {
  await person.click("button", "Take the payment of €22.00 back");
  await person.sees("Take €22.00 back?");
  await person.click("button", "Wrong card");
  await lookAt("order-taking-back");
  await person.click("button", "Take the payment back");
  await person.seesControl("button", /^Pay €22\.00/);
  await lookAt("order-taken-back");
  await person.press("h");
  await person.sees(/took a payment back: Wrong card/);
  await person.press("h");
});

chapter("a waiter's void is approved by PIN", async () => {
  await person.press("Control+k");
  await browser.page.locator("input.mantine-Spotlight-search").fill("Set my PIN");
  await browser.page.getByText("Set my PIN", { exact: true }).last().click();
  await person.fill("A PIN of 4 to 8 digits", "90210");
  await person.press("Enter");
  await person.sees("Your PIN is set.");
  await person.click("link", /^Staff/);
  await person.click("button", "Add a person");
  await person.fill("Name", "Marco");
  await browser.page.getByLabel("Signs in with an e-mail of their own").uncheck({ force: true });
  await person.fill("PIN (4 to 8 digits)", "4711");
  await person.click("button", "Add to the staff");
  await person.sees("Marco");
  await person.press("Escape");
  await person.press(".");
  await person.fill("Your PIN", "4711");
  await person.press("Enter");
  await person.sees("Marco is at the till now.");
  await person.click("link", /^Orders/);
  await person.click("button", /Table 4/);
  await person.click("button", /^Fire/);
  await person.sees(/Fired \d/);
  await person.click("button", "More for Tagliatelle");
  await person.click("menuitem", "Void");
  await person.click("button", "Entered by mistake");
  await person.fill("Their PIN", "4711");
  await person.click("button", "Void the line");
  await person.sees(/Nobody who may approve this has that/);
  browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("order-approving");
  await person.fill("Their PIN", "90210");
  await person.click("button", "Void the line");
  await person.sees("void: Entered by mistake");
});

chapter("a paid order gets its invoice, and the accountant the day", async () => {
  await person.press(".");
  await person.fill("Your PIN", "90210");
  await person.press("Enter");
  await person.sees("Marta Luna is at the till now.");
  await order("5");
  await person.press("f");
  await person.sees(/Fired \d/);
  await person.press("s");
  await person.seesControl("button", /^Pay €27\.50/);
  await person.press("p");
  await person.sees("To take");
  await person.click("button", "Take €27.50 in cash");
  await person.click("button", "Done");
  await person.click("button", "Write an invoice");
  await person.sees(/^Invoice F\d{4}-000001$/);
  await lookAt("order-invoice");
  await person.click("link", /^Reports/);
  await person.sees("For the accountant");
  await person.seesControl("button", "Journal as CSV");
  await browser.page.getByRole("heading", { name: "For the accountant" }).scrollIntoViewIfNeeded();
  await lookAt("reports-journal");
  await person.click("link", /^Settings/);
  await browser.page.getByRole("heading", { name: "Invoices and accounts" }).scrollIntoViewIfNeeded();
  await lookAt("settings-fiscal");
});
