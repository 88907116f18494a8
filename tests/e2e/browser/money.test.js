// Money at the till in Chromium: a split bill paid check by check, cash back, a card that waits for its answer, a
// payment taken back, a void somebody approves, and a drawer counted by coins and notes.
import assert from "node:assert/strict";
import { becomes } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
});
const { chapter, lookAt } = here;

/** Two dishes and a glass at a table: 27.50. */
async function order(table) {
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /^New order/);
  await here.person.fill("Table", table);
  await here.person.fill("Find an item", "2 tag");
  await here.person.press("Enter");
  await here.person.fill("Find an item", "wine");
  await here.person.press("Enter");
  await here.person.click("button", "Open and hold");
  await here.person.sees(/Held/);
}

chapter("charges and caps are set", async () => {
  await here.person.click("link", /^Settings/);
  await here.person.sees("Service charge and discounts");
  await here.person.fill("A cashier takes off at most", "15");
  const panel = here.browser.page.getByRole("region", { name: "Service charge and discounts" });
  await panel.getByRole("button", { name: "Save changes" }).click();
  await here.person.sees("Saved. Every screen shows it from now on.");
  await lookAt("settings-charges");
});

chapter("the float is counted by coins and notes", async () => {
  await here.person.click("link", /^Till/);
  await here.person.click("button", "Open the till");
  await here.person.choose("Coins and notes");
  await here.person.fill("€20.00", "4");
  await here.person.fill("€2.00", "10");
  await lookAt("till-counting");
  await here.person.click("button", "Open with €100.00");
  await here.person.sees("The till is open");
});

chapter("a split bill is paid check by check, with cash back", async () => {
  await order("4");
  await here.person.press("x");
  await here.person.sees(/^Split /);
  // Of two pieces one goes to a check of its own, the other after it; then both are where the first was again.
  await here.person.click("button", /Tagliatelle/);
  await here.person.click("button", "One fewer");
  await here.person.sees("1 of 2");
  await lookAt("order-split-where");
  await here.person.click("button", "To a new check");
  await here.person.seesControl("button", "All on one check again");
  const second = () => here.browser.page.getByRole("region", { name: /\/2$/ });
  await second().getByText("€11.00").first().waitFor();
  await here.person.click("button", "All on one check again");
  await second().waitFor({ state: "detached" });
  await here.person.click("button", /House wine/);
  const asked = here.browser.page.getByRole("button", { name: "To a new check" });
  await asked.waitFor();
  await here.person.press("Escape");
  await asked.waitFor({ state: "detached" });
  await here.person.sees(/^Split /);
  await here.person.click("button", /House wine/);
  await here.person.click("button", "To a new check");
  await here.person.seesControl("button", "All on one check again");
  await lookAt("order-split");
  await here.person.press("Escape");
  await here.person.press("p");
  await here.person.seesControl("radio", /\/2/);
  await here.person.choose(/\/2/);
  await here.person.choose("Card");
  await here.person.click("button", "Cash back");
  await here.person.fill("Charged on the card", "10");
  await here.person.sees(/^Cash to give back\s*€4\.50$/);
  await lookAt("order-cash-back");
  await here.person.click("button", "Record €10.00 by card");
  await here.person.sees("Cash to give back");
  await lookAt("order-cash-back-done");
  await here.person.click("button", "Next payment");
  await here.person.sees("To take");
});

chapter("a card waits for its answer, on the order and on Today", async () => {
  await here.person.choose("Card");
  await here.person.click("button", /^Ask the terminal first/);
  await here.person.sees(/^€22\.00 is asked of a card/);
  await lookAt("order-card-waits");
  await here.person.press("Escape");
  await here.person.click("link", /^Today/);
  await here.person.sees("1 card payment waits for its answer.");
  await lookAt("today-card-waits");
  await here.person.click("link", /€22\.00 since/);
  await here.person.press("p");
  await here.person.click("button", "It went through");
  await here.person.sees(/^The bill is paid/);
  await here.person.click("button", "Done");
});

chapter("a payment is taken back with a reason", async () => {
  await here.person.click("button", "Take the payment of €22.00 back");
  await here.person.sees("Take €22.00 back?");
  await here.person.click("button", "Wrong card");
  await lookAt("order-taking-back");
  await here.person.click("button", "Take the payment back");
  await here.person.seesControl("button", /^Pay €22\.00/);
  await lookAt("order-taken-back");
  await here.person.press("h");
  await here.person.sees(/took a payment back: Wrong card/);
  await here.person.press("h");
});

chapter("a waiter's void is approved by PIN", async () => {
  await here.person.press("Control+k");
  await here.browser.page.locator("input.mantine-Spotlight-search").fill("Set my PIN");
  await here.browser.page.getByText("Set my PIN", { exact: true }).last().click();
  await here.person.fill("A PIN of 4 to 8 digits", "90210");
  await here.person.press("Enter");
  await here.person.sees("Your PIN is set.");
  await here.person.click("link", /^Staff/);
  await here.person.click("button", "Add a person");
  await here.person.fill("Name", "Marco");
  await here.browser.page.getByLabel("Signs in with an e-mail of their own").uncheck({ force: true });
  await here.person.fill("PIN (4 to 8 digits)", "4711");
  await here.person.click("button", "Add to the staff");
  await here.person.sees("Marco");
  await here.person.press("Escape");
  await here.person.press(".");
  await here.person.fill("Your PIN", "4711");
  await here.person.press("Enter");
  await here.person.sees("Marco is at the till now.");
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /Table 4/);
  await here.person.click("button", /^Fire/);
  await here.person.sees(/Fired \d/);
  await here.person.click("button", "More for Tagliatelle");
  await here.person.click("menuitem", "Void");
  await here.person.click("button", "Entered by mistake");
  await here.person.fill("Their PIN", "4711");
  await here.person.click("button", "Void the line");
  await here.person.sees(/Nobody who may approve this has that/);
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("order-approving");
  await here.person.fill("Their PIN", "90210");
  await here.person.click("button", "Void the line");
  await here.person.sees("void: Entered by mistake");
});

chapter("a paid order gets its invoice, and the accountant the day", async () => {
  await here.person.press(".");
  await here.person.fill("Your PIN", "90210");
  await here.person.press("Enter");
  await here.person.sees("Marta Luna is at the till now.");
  await order("5");
  await here.person.press("f");
  await here.person.sees(/Fired \d/);
  await here.person.press("s");
  await here.person.seesControl("button", /^Pay €27\.50/);
  await here.person.press("p");
  await here.person.sees("To take");
  await here.person.click("button", "Take €27.50 in cash");
  await here.person.click("button", "Done");
  await here.person.click("button", "Write an invoice");
  await here.person.sees(/^Invoice F\d{4}-000001$/);
  await lookAt("order-invoice");
  await here.person.click("link", /^Reports/);
  await here.person.sees("For the accountant");
  await here.person.seesControl("button", "Journal as CSV");
  await here.browser.page.getByRole("heading", { name: "For the accountant" }).scrollIntoViewIfNeeded();
  await lookAt("reports-journal");
  await here.person.click("link", /^Settings/);
  await here.browser.page.getByRole("heading", { name: "Invoices and accounts" }).scrollIntoViewIfNeeded();
  await lookAt("settings-fiscal");
});

chapter("what is given back goes back as its check was paid", async () => {
  const { page } = here.browser;
  await order("6");
  await here.person.press("f");
  await here.person.sees(/Fired \d/);
  await here.person.press("s");
  await here.person.press("x");
  await here.person.sees(/^Split /);
  await here.person.click("button", /House wine/);
  await here.person.click("button", "To a new check");
  await here.person.seesControl("button", "All on one check again");
  await here.person.press("Escape");
  await here.person.press("p");
  await here.person.sees("To take");
  await here.person.click("button", "Take €22.00 in cash");
  await here.person.click("button", "Next payment");
  await here.person.choose("Card");
  await here.person.click("button", /^Record €5\.50 by card/);
  await here.person.click("button", "Done");
  await here.person.press("r");
  await here.person.seesControl("textbox", "How many of Tagliatelle");
  await here.person.sees(/^Check \S+\/2$/);
  const chosen = () =>
    page.getByRole("radiogroup", { name: "Given back as" }).locator("input:checked").inputValue();
  await becomes(chosen, "card", "the newest payment, while nothing is picked");
  const dish = page.getByRole("checkbox", { name: "Tagliatelle", exact: true });
  await dish.check();
  await becomes(chosen, "cash", "the dish was paid in cash");
  await lookAt("order-refund");
  await dish.uncheck();
  await page.getByRole("checkbox", { name: "House wine", exact: true }).check();
  await becomes(chosen, "card", "the wine was paid by card");
  await page.getByRole("textbox", { name: "Reason" }).fill("Corked");
  await here.person.click("button", "Give back €5.50");
  await here.person.sees(/^Given back: Corked/);
  await here.person.sees(/given back: 1, €5\.50$/);
});

chapter("a cashier counts the drawer without being told what lies in it", async () => {
  const { page } = here.browser;
  await here.person.click("link", /^Today/);
  await here.person.sees(/^Cash, \d+%$/);
  await here.person.click("link", /^Staff/);
  await here.person.pick("Role of Marco", "Cashier");
  await here.person.sees(/^Marco .*Cashier/);
  await here.person.press(".");
  await here.person.fill("Your PIN", "4711");
  await here.person.press("Enter");
  await here.person.sees("Marco is at the till now.");
  // What the owner's screen still asked for, refused to a cashier.
  here.browser.complaints.splice(0);
  await here.person.click("link", /^Today/);
  await here.person.sees("Shown once the till is counted.");
  assert.equal(await page.getByText(/^(Cash|Card), /).count(), 0);
  await lookAt("today-blind");
  await here.person.click("link", /^Till/);
  await here.person.sees("Taken by card");
  await becomes(() => page.getByText("shown once the till is counted").count(), 2);
  await lookAt("till-blind");
});
