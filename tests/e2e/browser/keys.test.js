// The keyboard alone: from the first page after the set-up to a table that has ordered, eaten and paid.
import { becomes } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
  await story.openTheTill(person);
});

// Everything below goes through the keyboard: what is pressed goes where the focus is.
const press = async (...keys) => {
  for (const key of keys) await here.browser.page.keyboard.press(key);
};
const type = (text) => here.browser.page.keyboard.type(text);
/** Goes on with Tab until the thing of this name has the focus. */
async function tabTo(name, most = 40) {
  for (let steps = 0; steps < most; steps += 1) {
    const focused = await here.browser.page.evaluate(() => {
      const it = document.activeElement;
      return (
        [it?.getAttribute("aria-label"), it?.labels?.[0]?.textContent, it?.textContent].find(
          (text) => text,
        ) ?? ""
      );
    });
    if (name.test(focused.trim())) return;
    await press("Tab");
  }
  throw new Error(`Tab does not lead to ${name}`);
}

here.chapter("an order is taken, fired, made, brought out and paid without a mouse", async () => {
  await press("g", "o");
  await here.person.sees("Nothing is open");
  await press("n");
  await tabTo(/^Table/);
  await type("12");
  await tabTo(/^Find an item/);
  await type("2 tag");
  await press("Enter");
  await type("wine");
  await press("Enter");
  await here.person.sees("3 items");
  await press("Control+Enter");
  await here.person.sees(/Fired \d|Held/);
  await press("g", "k");
  await here.person.seesControl("button", "2 Tagliatelle: mark ready");
  await press("1");
  await here.person.sees("Brought out");
  await press("1");
  await here.person.sees("Nothing to make");
  await press("g", "o");
  await here.person.seesControl("button", /Table 12/);
  await press("j");
  await here.person.seesControl("button", /^Pay €27\.50/);
  await press("p");
  await here.person.sees("To take");
  await tabTo(/^Take €27\.50 in cash/);
  await press("Enter");
  await here.person.sees(/is paid/);
});

/** What has the focus, by its name. */
const focused = () => here.browser.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

here.chapter(
  "of the order in hand, l goes from line to line, e takes a discount back, w the service charge",
  async () => {
    await press("Enter"); // The payment was said; this closes it.
    await here.person.click("link", /^Settings/);
    await here.person.fill("Service charge at a table", "10");
    const panel = here.browser.page.getByRole("region", { name: "Service charge and discounts" });
    await panel.getByRole("button", { name: "Save changes" }).click();
    await here.person.sees("Saved. Every screen shows it from now on.");
    await press("g", "o");
    await here.person.sees("Nothing is open");
    await press("n");
    await tabTo(/^Table/);
    await type("14");
    await tabTo(/^Find an item/);
    await type("tag");
    await press("Enter");
    await type("wine");
    await press("Enter");
    await press("Control+Enter");
    await here.person.seesControl("button", /^Pay €18\.15/);
    await here.person.sees(/Fired \d/);
    await press("l");
    await becomes(focused, "More for Tagliatelle");
    await press("l");
    await becomes(focused, "More for House wine");
    await press("l");
    await becomes(focused, "More for Tagliatelle", "after the last comes the first");
    await press("d");
    await here.person.fill("How much, in percent", "50");
    await here.person.fill("Reason", "Waited too long");
    await press("Enter");
    await here.person.sees(/50 ?% off: Waited too long/);
    await here.lookAt("order-discounted");
    await press("e");
    await here.browser.page.getByText(/50 ?% off: Waited too long/).waitFor({ state: "detached" });
    await here.person.seesControl("button", /^Pay €18\.15/);
    await press("w");
    await here.person.fill("Reason", "Waited too long");
    await here.person.click("button", "Take the service charge off");
    await here.person.seesControl("button", /^Pay €16\.50/);
  },
);
