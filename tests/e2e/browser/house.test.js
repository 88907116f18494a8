// The restaurant's own network: an owner opens the door, a tablet reads the picture, is let in by its number, takes
// orders with a PIN, and is shut out again.
import assert from "node:assert/strict";
import { after } from "node:test";
import { open, examine, hands } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

/** The tablet: its browser, the person at it. */
const tablet = {};
const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
});
after(() => tablet.browser?.close());
const { chapter, lookAt } = here;

async function lookAtTablet(name) {
  const findings = await examine(tablet.browser.page, name);
  assert.deepEqual([...findings, ...tablet.browser.complaints.splice(0)], []);
}

/** With the keys: the switch itself is drawn by its label. */
async function turnTheSwitch() {
  await here.browser.page.getByRole("switch", { name: "Open to this house" }).focus();
  await here.person.press("Space");
}

/** A port that was free a moment ago, of those no other program asks for. */
const PORT = 20_000 + (process.pid % 10_000);

chapter("the door is shut until the owner opens it", async () => {
  const { person } = here;
  await person.click("link", "Sync");
  await person.click("link", "In the house");
  await person.sees("Open to this house");
  await lookAt("house-shut");
  await person.fill("Port", String(PORT));
  await turnTheSwitch();
  await person.sees("Open");
  await person.sees(/^https:\/\/comanda-[0-9a-z]{4}\.local:/);
  await person.sees("Compare its SHA-256 fingerprint with this one before you trust it:");
  await lookAt("house-open");
});

chapter("a tablet that reads the picture waits with a number", async () => {
  const { person, browser } = here;
  await person.click("button", "Pair a device");
  await person.sees(/Good once, for 10 min/);
  await lookAt("house-picture");
  const link = await browser.page.getByLabel("The link, to be typed").textContent();
  const { hostname } = new URL(link);
  tablet.browser = await open({
    ignoreHTTPSErrors: true,
    more: [`--host-resolver-rules=MAP ${hostname} 127.0.0.1`],
  });
  tablet.person = hands(tablet.browser.page);
  await tablet.browser.page.goto(link);
  await tablet.person.sees("This device wants to come in");
  assert.equal(new URL(tablet.browser.page.url()).hash, "", "the code leaves the address bar");
  await lookAtTablet("house-tablet-asks");
  await tablet.person.fill("Name of this device", "Terrace");
  await tablet.person.click("button", "Ask to come in");
  await tablet.person.sees("Waiting for the desk");
  await lookAtTablet("house-tablet-waits");
});

chapter("the owner compares the number and lets it in", async () => {
  const shown = await tablet.browser.page.getByLabel("Number").textContent();
  await here.person.sees("“Terrace” wants to come in");
  assert.equal(await here.browser.page.getByLabel("Number").textContent(), shown);
  await lookAt("house-waiting");
  await here.person.click("button", "Let it in");
  await here.person.sees(/“Terrace” is in/);
  await here.person.click("button", "Close");
  await tablet.person.sees(/Locked\. Enter your PIN/);
  await lookAtTablet("house-tablet-pin");
  await lookAt("house-paired");
});

chapter("with a PIN the tablet is the waiter's, and answers for nothing of the house", async () => {
  await here.person.press("ControlOrMeta+k");
  await here.browser.page.locator("input.mantine-Spotlight-search").fill("Set my PIN");
  await here.browser.page.getByText("Set my PIN", { exact: true }).last().click();
  await here.person.fill("A PIN of 4 to 8 digits", "4711");
  await here.person.press("Enter");
  await here.person.sees("Your PIN is set.");
  const { page } = tablet.browser;
  await page.keyboard.type("4711");
  await page.keyboard.press("Enter");
  await tablet.person.seesControl("link", "Orders");
  await page.goto(`${new URL(page.url()).origin}/sync/house`);
  await tablet.person.sees("Open to this house");
  assert.equal(await page.getByRole("button", { name: "Pair a device" }).count(), 0);
  assert.equal(await page.getByLabel("Open to this house").isDisabled(), true);
  tablet.browser.complaints.length = 0;
});

chapter("shut out, it is nobody's at once", async () => {
  await here.person.click("button", "Shut out Terrace");
  await here.person.sees("Shut out Terrace?");
  await here.person.click("button", "Shut out");
  await here.person.sees(/^None yet/);
  await tablet.browser.page.reload();
  await tablet.person.sees("Sign in");
  tablet.browser.complaints.length = 0;
});

chapter("the door is shut again", async () => {
  await turnTheSwitch();
  await here.person.sees("Shut");
  await assert.rejects(tablet.browser.page.goto(tablet.browser.page.url(), { timeout: 5_000 }));
});
