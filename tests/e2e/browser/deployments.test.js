// Two engines: the restaurant here registers the one across town, watches it, backs it up and downloads it, is told when
// it is down, and when its session there has ended.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { serve } from "../lib/headless.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const LUIGI = { name: "Luigi Verdi", email: "luigi@example.com", password: "Osteria-26" };
const place = await mkdtemp(join(tmpdir(), "across-town-"));
const town = {};
const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  town.engine = await serve();
  await openAcrossTown();
});
after(async () => {
  await town.engine?.stop();
  await rm(place, { recursive: true, force: true });
});
const { chapter, lookAt } = here;

async function ask(method, path, body, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${town.engine.origin}/api/v1${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  assert.ok(answer.ok, `${path}: ${JSON.stringify(said)}`);
  return said;
}

/** A restaurant with a place for its backups. */
async function openAcrossTown() {
  const code = new URL(town.engine.link).hash.replace("#code=", "");
  const { token } = await ask("POST", "/codes/exchange", { code });
  const restaurant = {
    name: "Osteria",
    currency: "EUR",
    time_zone: "Europe/Rome",
    day_cutoff_minute: 240,
    tax_mode: "inclusive",
    tax_rate_bp: 1000,
    locale: "en",
  };
  const made = await ask("POST", "/setup", { restaurant, owner: LUIGI, start: "empty" }, token);
  const backups = `/restaurants/${made.restaurant_id}/backups/targets`;
  await ask("POST", backups, { name: "Cellar", folder: place }, made.token);
}

chapter("nothing is watched yet, and the page says what it is for", async () => {
  await here.person.click("link", /^Deployments/);
  await here.person.sees("Nothing is watched yet");
  await lookAt("deployments-empty");
});

chapter("a wrong address is told at its field, and the right one is watched at once", async () => {
  const { person, browser } = here;
  await person.click("button", "Add a deployment");
  await browser.page.getByRole("textbox", { name: /^Name/ }).fill("Via Roma");
  await browser.page.getByRole("textbox", { name: /^Address/ }).fill("ftp://osteria");
  await person.click("button", "Watch it");
  await person.sees(/^Type an address like/);
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("deployments-add");
  await browser.page.getByRole("textbox", { name: /^Address/ }).fill(town.engine.origin);
  // So seldom that what is asked in this story is asked by hand.
  await person.pick("Ask", "every 60 minutes");
  await person.click("button", "Watch it");
  await person.seesControl("heading", "Via Roma");
  await person.sees(/^Up \d/);
  await person.sees("Never since it is watched.");
  await lookAt("deployments-new");
});

chapter("probing now adds to its history", async () => {
  const { person, browser } = here;
  await person.sees(/% of 1 good/);
  const answered = browser.page.waitForResponse(/\/probe$/);
  await person.click("button", "Probe now");
  const { recent } = await (await answered).json();
  assert.deepEqual(
    recent.map((probe) => probe.good),
    [true, true],
  );
  await browser.page.getByRole("group", { name: /^How it was/ }).focus();
  await person.press("ArrowLeft");
  await person.press("Escape");
});

chapter("logging in there shows its parts and its backups", async () => {
  const { person, browser } = here;
  await person.click("button", "Log in there");
  await person.sees("Log in at Via Roma");
  await browser.page.getByLabel(/^E-mail there/).fill(LUIGI.email);
  await browser.page.getByLabel(/^Password there/).fill("Wrong-password-1");
  await browser.page.getByRole("dialog").getByRole("button", { name: "Log in there" }).click();
  await person.sees("The address or the password is wrong there.");
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("deployments-log-in");
  await browser.page.getByLabel(/^Password there/).fill(LUIGI.password);
  await browser.page.getByRole("dialog").getByRole("button", { name: "Log in there" }).click();
  await person.sees(/As it says itself to Luigi Verdi/);
  await person.sees("Backups of Osteria");
  await person.sees(/If it died now it would lose/);
});

chapter("a backup is made there, and one file of it comes here", async () => {
  const { person, browser } = here;
  const copies = browser.page.getByRole("button", { name: /^Bring the backup of/ });
  await copies.first().waitFor();
  const before = await copies.count();
  await person.click("button", "Back up there now");
  await copies.nth(before).waitFor({ timeout: 60_000 });
  const download = browser.page.waitForEvent("download", { timeout: 60_000 });
  await person.click("button", "Download one file");
  assert.match((await download).suggestedFilename(), /^osteria-.*\.comanda$/);
  await person.sees(/It opens with the key of that Comanda/);
  await lookAt("deployments-inside");
});

chapter("it is brought back there into a copy, by its name", async () => {
  const { person, browser } = here;
  await browser.page
    .getByRole("button", { name: /^Bring the backup of/ })
    .first()
    .click();
  await person.fill("Type Via Roma to agree", "Via");
  await person.click("button", "Bring it back");
  await person.sees("Type Via Roma to bring it back there.");
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await person.fill("Type Via Roma to agree", "Via Roma");
  await person.click("button", "Bring it back");
  await person.sees(/^It came back whole/);
  await lookAt("deployments-copy");
  await browser.page.getByRole("dialog").getByText("Close", { exact: true }).click();
});

chapter("when it is gone, the page says since when and why", async () => {
  const { person } = here;
  await town.engine.cut();
  await person.click("button", "Probe now");
  await person.sees(/nothing listens at this port/);
  await person.click("button", "Probe now");
  await person.sees(/still down$/);
  await lookAt("deployments-down");
  await person.click("button", "All deployments");
  await person.sees("1 server is down.");
  await lookAt("deployments");
  await town.engine.resume();
});

chapter("it is taken off the register after a question", async () => {
  const { person, browser } = here;
  await person.click("button", /Via Roma/);
  await person.click("button", "Remove");
  await person.sees("Remove Via Roma?");
  await browser.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await person.sees("Nothing is watched yet");
});
