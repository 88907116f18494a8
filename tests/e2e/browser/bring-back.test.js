// The old computer is gone: on the first screen of another one the restaurant comes back, once out of a file that was
// carried, once out of the folder it was backed up to; people sign in as they did, and the next step is said.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { examine, hands, open, photograph } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

const place = await mkdtemp(join(tmpdir(), "bring-back-"));
const carried = join(place, "carried.comanda");
const folder = join(place, "usb");
after(() => rm(place, { recursive: true, force: true }));
/** What the old computer knew, for those who open the new one. */
const old = { recovery: "", orders: 0, before: "" };

/** An engine of its own and somebody before its page; `tell` is what they do. */
async function onAComputer(name, tell) {
  const engine = await serve();
  const browser = await open();
  const findings = [];
  const lookAt = async (shot) => {
    findings.push(...(await examine(browser.page, shot)));
    findings.push(...browser.complaints.splice(0).map((complaint) => `${shot}, console: ${complaint}`));
  };
  try {
    await browser.page.goto(engine.link);
    await tell({ page: browser.page, person: hands(browser.page), browser, lookAt });
    assert.deepEqual(findings, []);
  } catch (error) {
    await photograph(browser.page, `broken-${name}`);
    throw error;
  } finally {
    await browser.close();
    await engine.stop();
  }
}

/** A refusal is an answer like any other; the browser puts it on its console. */
function forgetRefusals(browser) {
  const { complaints } = browser;
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 4(00|22)/.test(text)));
}

/** As the screen says it. */
async function ordersHeld(page) {
  const said = await page
    .locator("dl > div", { hasText: /^Orders/ })
    .locator("dd")
    .innerText();
  return Number(said.replace(/\D/g, ""));
}

async function signsIn(person) {
  const { email, password } = story.OWNER;
  await person.fill("E-mail", email);
  await person.fill("Password", password);
  await person.click("button", "Sign in");
}

test("the old computer is backed up, its key written down, and a file is carried away", () =>
  onAComputer("bring-back-old", async ({ page, person }) => {
    await story.openTheRestaurant(person, undefined, "demo");
    await person.click("link", /^Backups/);
    await person.click("button", "Choose a place");
    await page.getByRole("textbox", { name: /^Name/ }).fill("USB disk");
    await page.getByRole("textbox", { name: /^Folder/ }).fill(folder);
    await person.click("button", "Use this place");
    await person.sees("Up to date");
    // Seen is not kept: whoever puts it off, or reads another paper, sees it again.
    await person.click("button", "Show the recovery key");
    await person.click("button", "Not now");
    await person.sees("Recovery key not written down yet");
    await person.click("button", "Show the recovery key");
    old.recovery = await page.locator("code", { hasText: /^[0-9A-Z]{4}(-[0-9A-Z]{4}){13}$/ }).innerText();
    await person.fill("Its last two groups, from the paper", "0000-0000");
    await person.click("button", "It is written down");
    await person.sees(/^These are not its last two groups/);
    await person.fill("Its last two groups, from the paper", old.recovery.slice(-9).toLowerCase());
    await person.click("button", "It is written down");
    await person.sees("Recovery key written down");
    const download = page.waitForEvent("download");
    await person.click("button", "Download one file");
    await (await download).saveAs(carried);
    // One more order after the file, which only the folder has; this browser and the restaurant are on UTC.
    await page.waitForTimeout(2_000);
    old.before = new Date().toISOString().slice(0, 19);
    await page.waitForTimeout(1_500);
    await person.click("link", /^Orders/);
    await person.click("button", /^New order/);
    await person.fill("Table", "After the file");
    await person.click("button", "Open the order");
    await person.seesControl("heading", /After the file/);
    await person.click("link", /^Backups/);
    // What the page showed before the order stands there for a moment.
    await page.waitForTimeout(3_000);
    await page.getByText("nothing", { exact: true }).waitFor();
    await person.click("link", "What to do when a computer died");
    await person.seesControl("heading", "The computer died");
  }));

test("out of the file: it is opened with the key, looked at, brought back, and the next step is said", () =>
  onAComputer("bring-back-file", async ({ page, person, browser, lookAt }) => {
    await person.seesControl("button", "Bring back from a backup");
    await lookAt("first-run-start");
    await person.click("button", "Bring back from a backup");
    await lookAt("bring-back-empty");
    await person.click("button", "See what it holds");
    await person.sees("Choose the file that was written by Comanda.");
    const chooser = page.waitForEvent("filechooser");
    await person.click("button", "Choose the file");
    await (await chooser).setFiles(carried);
    await person.sees("carried.comanda");
    await page.getByRole("textbox", { name: /^Recovery key/ }).fill("ABCD-EFGH");
    await person.click("button", "See what it holds");
    await person.sees(/^This is no recovery key/);
    forgetRefusals(browser);
    await lookAt("bring-back-file");
    await page.getByRole("textbox", { name: /^Recovery key/ }).fill(old.recovery.replaceAll("-", " "));
    await person.click("button", "See what it holds");
    await person.sees("This is what the backup holds. All of it came back and was checked.");
    assert.equal(await page.getByRole("heading", { level: 2 }).innerText(), story.RESTAURANT);
    old.orders = await ordersHeld(page);
    assert.ok(old.orders > 100, `${old.orders} orders`);
    await lookAt("bring-back-holds");
    await person.click("button", "Bring it back");
    await person.sees("Nothing is backed up yet.");
    forgetTheExchange(browser);
    await lookAt("bring-back-done");
    await person.click("button", "Go to sign-in");
    await signsIn(person);
    await person.seesControl("heading", "Backups");
    await person.sees("Nothing is backed up yet");
    await person.click("link", /^Orders/);
    await person.seesControl("button", /^New order/);
  }));

/** While one file takes the other's place, whoever asks is told to come back. */
function forgetTheExchange(browser) {
  const { complaints } = browser;
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !/status of 503/.test(text)));
}

test("out of the folder: any moment can be chosen, and backing up goes on into it", () =>
  onAComputer("bring-back-folder", async ({ page, person, browser, lookAt }) => {
    await person.click("button", "Bring back from a backup");
    await page.getByText("Folder or USB disk", { exact: true }).click();
    await page.getByRole("textbox", { name: /^Folder/ }).fill(`${folder}-of-somebody-else`);
    await page.getByRole("textbox", { name: /^Recovery key/ }).fill(old.recovery);
    await person.click("button", "See what it holds");
    await person.sees(/It is not there: the disk is unplugged/);
    forgetRefusals(browser);
    await lookAt("bring-back-folder");
    await page.getByText("S3 store", { exact: true }).click();
    assert.equal(await page.getByText(/the disk is unplugged/).count(), 0, "said of the folder alone");
    await lookAt("bring-back-s3");
    await page.getByText("Folder or USB disk", { exact: true }).click();
    await page.getByRole("textbox", { name: /^Folder/ }).fill(folder);
    await person.click("button", "See what it holds");
    await person.sees("This is what the backup holds. All of it came back and was checked.");
    await person.click("button", "Choose an earlier moment…");
    await lookAt("bring-back-moment");
    assert.equal(await ordersHeld(page), old.orders + 1);
    await page.getByLabel("Only what was done until").fill(old.before);
    await person.click("button", "See how it was then");
    await page.locator("dl dd", { hasText: old.orders.toLocaleString("en") }).waitFor();
    assert.equal(await ordersHeld(page), old.orders);
    await person.click("button", "Choose an earlier moment…");
    await person.click("button", "As far as it goes");
    await page.locator("dl dd", { hasText: (old.orders + 1).toLocaleString("en") }).waitFor();
    await person.click("button", "Bring it back");
    await person.click("button", "Go to sign-in");
    await signsIn(person);
    await page.locator("h1").first().waitFor();
    await person.click("link", /^Backups/);
    await person.sees("Up to date");
    forgetTheExchange(browser);
  }));
