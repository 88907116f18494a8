// Backups: a place is added, the first backup is made and tried by itself, a moment is looked at and put back by its
// name, and the restore is taken back.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { examine, hands, open } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

let engine;
let browser;
let person;
let place;
before(async () => {
  place = await mkdtemp(join(tmpdir(), "backups-"));
  engine = await serve();
  browser = await open();
  person = hands(browser.page);
  await browser.page.goto(engine.link);
  await story.openTheRestaurant(person, undefined, "demo");
});
after(async () => {
  await browser?.close();
  await engine?.stop();
  await rm(place, { recursive: true, force: true });
});

async function looksRight(name) {
  const findings = await examine(browser.page, name);
  assert.deepEqual([...findings, ...browser.complaints.splice(0)], []);
}

test("a restaurant without backups says so and gives the one next step", async () => {
  await browser.page.locator("h1").first().waitFor();
  await person.press("g");
  await person.press("v");
  await person.seesControl("heading", "Backups");
  await person.sees("Nothing is backed up yet");
  await looksRight("backups-empty");
});

test("a folder is added, and the first backup is made, tried and shown", async () => {
  await person.click("button", "Choose a place");
  await browser.page.getByRole("textbox", { name: /^Name/ }).fill("Pantry NAS");
  await browser.page.getByRole("textbox", { name: /^Folder/ }).fill(place);
  await looksRight("backups-add");
  await person.click("button", "Use this place");
  await person.sees(/Verified in/);
  await person.sees("Up to date");
  await person.sees("Chain unbroken");
  await looksRight("backups");
});

test("a moment is made ready, held beside now, and put back by the restaurant's name", async () => {
  await person.click("button", "Look and restore…");
  await person.sees(/brought back and checked in/);
  await looksRight("backups-ready");
  const confirm = browser.page.getByRole("button", { name: "Put the restaurant back" });
  assert.ok(await confirm.isDisabled());
  const field = browser.page.getByRole("textbox", { name: /^Type / });
  const label = await browser.page.locator("label", { hasText: /^Type / }).innerText();
  await field.fill(/^Type (.*) to go on$/.exec(label)[1]);
  await confirm.click();
  await person.sees("The restaurant was put back.");
  await person.click("button", "Done");
  await person.sees(/^Set aside /);
  await looksRight("backups-restored");
});
