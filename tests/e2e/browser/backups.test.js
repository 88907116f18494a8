// Backups: a place is added, the first backup is made and tried by itself, a moment is looked at, kept beside under a
// name, a part of it compared, and all of it put back.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const place = await mkdtemp(join(tmpdir(), "backups-"));
const carried = join(place, "carried.comanda");
after(() => rm(place, { recursive: true, force: true }));
const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { chapter, lookAt } = here;

/** The restaurant's name is typed into the wizard, and what stands ready takes the place of the present. */
async function putBack() {
  const { person, browser } = here;
  const confirm = browser.page.getByRole("button", { name: "Put the restaurant back" });
  assert.ok(await confirm.isDisabled());
  const field = browser.page.getByRole("textbox", { name: /^Type / });
  const label = await browser.page.locator("label", { hasText: /^Type / }).innerText();
  await field.fill(/^Type (.*) to go on$/.exec(label)[1]);
  await confirm.click();
  await person.sees("The restaurant was put back.");
  await person.click("button", "Done");
}

/** While one file takes the other's place, whoever asks is told to come back, or finds nothing yet. */
function forgetTheExchange() {
  const { complaints } = here.browser;
  const isOfIt = (text) => /status of (503|404)/.test(text);
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !isOfIt(text)));
}

chapter("a restaurant without backups says so and gives the one next step", async () => {
  const { person, browser } = here;
  await browser.page.locator("h1").first().waitFor();
  await person.press("g");
  await person.press("v");
  await person.seesControl("heading", "Backups");
  await person.sees("Nothing is backed up yet");
  await lookAt("backups-empty");
});

chapter("a folder is added, and the first backup is made, tried and shown", async () => {
  const { person, browser } = here;
  await person.click("button", "Choose a place");
  await browser.page.getByRole("textbox", { name: /^Name/ }).fill("Pantry NAS");
  await browser.page.getByRole("textbox", { name: /^Folder/ }).fill(place);
  await lookAt("backups-add");
  await person.click("button", "Use this place");
  await person.sees(/Verified in/);
  await person.sees("Up to date");
  await person.sees("Chain unbroken");
  await lookAt("backups");
});

chapter("the restaurant is downloaded as one file to carry by hand", async () => {
  const { person, browser } = here;
  const download = browser.page.waitForEvent("download");
  await person.click("button", "Download one file");
  assert.match((await download).suggestedFilename(), /^restaurant-.*\.comanda$/);
  await (await download).saveAs(carried);
});

chapter("a moment is made ready, kept beside under a name, and one part of it compared", async () => {
  const { person, browser } = here;
  await person.click("button", "Look and restore…");
  await person.sees(/brought back and checked in/);
  await browser.page.getByRole("textbox", { name: /^Keep beside as/ }).fill("Before the new menu");
  await person.click("button", "Keep");
  await person.sees("Kept under Places");
  await browser.page.locator("summary", { hasText: "Only one part" }).click();
  await person.sees("It is now as it was then.");
  await lookAt("backups-ready");
});

chapter("the restaurant is put back by its name, and nothing is called lost meanwhile", async () => {
  const { person, browser } = here;
  await putBack();
  await person.sees(/^Set aside /);
  await person.sees("Before the new menu");
  assert.equal(await browser.page.getByText("everything", { exact: true }).count(), 0);
  forgetTheExchange();
  await lookAt("backups-restored");
});

chapter(
  "the file that was carried is brought by hand, and what came after it is gone with a name",
  async () => {
    const { person, browser } = here;
    const { page } = browser;
    await person.click("link", /^Orders/);
    await person.click("button", /^New order/);
    await person.fill("Table", "After the file");
    await person.click("button", "Open the order");
    await person.seesControl("heading", /After the file/);
    await person.click("link", "Backups");
    const chooser = page.waitForEvent("filechooser");
    await person.click("button", "Restore from a file…");
    await (await chooser).setFiles(carried);
    await person.sees(/brought back and checked in/);
    const orders = page.getByRole("row", { name: /^Orders/ }).getByRole("cell");
    const [then, now] = (await orders.allInnerTexts()).map((text) => Number(text.replace(/\D/g, "")));
    assert.equal(now - then, 1, `${then} orders in the file, ${now} now`);
    await lookAt("backups-brought");
    await putBack();
    await person.click("link", /^Orders/);
    await person.seesControl("button", /^New order/);
    await page
      .getByText(/^\d+ open/)
      .first()
      .waitFor();
    assert.equal(await page.getByText("After the file").count(), 0);
    forgetTheExchange();
  },
);
