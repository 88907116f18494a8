// The restaurant's file is damaged: whoever signs in is told, fetches it back from the backups, sees what it holds, puts
// it in its place, and goes on where the evening stopped. With nothing in the places that is said, and nothing changes.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const place = await mkdtemp(join(tmpdir(), "rescue-"));
const folder = join(place, "usb");
after(() => rm(place, { recursive: true, force: true }));
const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { chapter, lookAt } = here;
const GARBAGE = Buffer.alloc(8192, "?");

/** Refusals are answers like any other, and a page that asks a stopped engine is told nothing; the browser reports both. */
const forgetWhatWasRefused = () => here.browser.complaints.splice(0);

chapter("everything is backed up, and then the file is damaged", async () => {
  const { person, browser, engine } = here;
  await person.click("link", /^Backups/);
  await person.click("button", "Choose a place");
  await browser.page.getByRole("textbox", { name: /^Name/ }).fill("USB disk");
  await browser.page.getByRole("textbox", { name: /^Folder/ }).fill(folder);
  await person.click("button", "Use this place");
  await person.sees("Up to date");
  await browser.page.getByText("nothing", { exact: true }).waitFor();
  await engine.cut();
  const restaurants = join(engine.folder, "restaurants");
  for (const name of await readdir(restaurants)) {
    if (name.endsWith(".db")) await writeFile(join(restaurants, name), GARBAGE);
    else await rm(join(restaurants, name), { force: true });
  }
  // The disk with the backups lies in the drawer.
  await rename(folder, `${folder}-away`);
  await engine.resume();
  await browser.page.goto(`${engine.origin}/today`);
  await person.seesControl("heading", "This restaurant cannot be opened");
  forgetWhatWasRefused();
  await lookAt("rescue");
});

chapter("with the disk in the drawer, that is said and nothing happens", async () => {
  const { person } = here;
  await person.click("button", "Bring it back from the backups");
  await person.sees(/USB disk/);
  forgetWhatWasRefused();
  await lookAt("rescue-refused");
  await rename(`${folder}-away`, folder);
});

chapter("what the backups hold is seen, put in its place, and the evening goes on", async () => {
  const { person, browser, engine } = here;
  await person.click("button", "Bring it back from the backups");
  await person.sees(/^Fetched and checked: [\d,]{3,} orders, as things stood on /);
  await lookAt("rescue-ready");
  await person.click("button", "Put the restaurant back");
  await person.seesControl("link", /^Orders/);
  await person.click("link", /^Orders/);
  await person.click("button", /^New order/);
  await person.fill("Table", "After the damage");
  await person.click("button", "Open the order");
  await person.seesControl("heading", /After the damage/);
  forgetWhatWasRefused();
  await lookAt("rescue-back");
  const aside = join(engine.folder, "backups/safety");
  const [kept] = await readdir(aside);
  assert.deepEqual(await readFile(join(aside, kept)), GARBAGE);
});
