// Two engines: the restaurant here registers the one across town, watches it, backs it up and downloads it, reads its logs,
// sees what is set otherwise there after a restart, is told when it is down, and when its session there has ended. And a
// shop that is no Comanda, backed up from here too.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { serve } from "../lib/headless.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const LUIGI = { name: "Luigi Verdi", email: "luigi@example.com", password: "Osteria-26" };
const place = await mkdtemp(join(tmpdir(), "across-town-"));
const town = {};
const SECRET = "k-9pQ-secret-value";
/** Backs itself up when it is asked to by who knows the key; it takes two questions to be done, or breaks. */
const shop = { asked: 0, polls: 0, breaks: false };
shop.server = createServer((request, response) => {
  const say = (status, body) => {
    response.writeHead(status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(body));
  };
  if (request.url === "/health") return say(200, { status: "ok" });
  if (request.headers["x-api-key"] !== SECRET) return say(403, { error: "no key" });
  if (request.method === "POST") {
    shop.asked += 1;
    shop.polls = 0;
    return say(202, { href: "/jobs/7" });
  }
  shop.polls += 1;
  return say(200, { state: shop.polls < 2 ? "packing" : shop.breaks ? "disk full" : "done" });
});
await new Promise((resolve) => shop.server.listen(0, "127.0.0.1", resolve));
shop.origin = `http://127.0.0.1:${shop.server.address().port}`;
const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  town.engine = await serve();
  await openAcrossTown();
});
after(async () => {
  await town.engine?.stop();
  shop.server.close();
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

chapter("its logs are read from here, by a request's id", async () => {
  const { person, browser } = here;
  const id = "0199aa00-0000-7000-8000-000000000007";
  await fetch(`${town.engine.origin}/api/v1/setup`, { headers: { "x-request-id": id } });
  await person.click("button", "Read them");
  const logs = browser.page.getByRole("region", { name: "Its logs" });
  await logs.getByRole("textbox", { name: /^Find letters/ }).fill(id);
  await logs.getByText(/^1 line ·/).waitFor({ timeout: 30_000 });
  await logs.getByRole("button", { name: /GET \/setup/ }).click();
  await logs.getByText(id, { exact: true }).waitFor();
  await lookAt("deployments-logs");
  await person.click("button", "Close them");
});

chapter("settings that are other there after a restart are shown, was and is, and accepted", async () => {
  const { person, browser } = here;
  await person.sees(/^No drift: all \d+ settings are as they were accepted\.$/);
  await town.engine.cut();
  await writeFile(join(town.engine.folder, "comanda.toml"), '[log]\nlevel = "debug"\n');
  await town.engine.resume();
  here.browser.complaints.splice(0); // What the page asked there meanwhile, which the browser reports.
  await person.click("button", "Probe now");
  const row = browser.page.getByRole("row", { name: /log\.level/ });
  await row.waitFor();
  assert.equal((await row.innerText()).replace(/\s+/g, " ").trim(), 'log.level "info" "debug"');
  await lookAt("deployments-drift");
  await person.click("button", "Accept as it is");
  await person.sees(/^Marta Luna accepted its settings/);
  await person.sees(/^No drift/);
});

chapter("when it is gone, the page says since when and why", async () => {
  const { person } = here;
  // Logged in, the page would ask there again and again, and the browser report each refusal.
  await person.click("button", "Log out there");
  await person.sees(/^Log in there to see/);
  here.browser.complaints.splice(0); // What it asked there in the same moment.
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

chapter("a shop is told how to back itself up, and its key is shown to nobody", async () => {
  const { person, browser } = here;
  await person.click("button", "Add a deployment");
  await person.choose("Any HTTP service");
  await browser.page.getByRole("textbox", { name: /^Name/ }).fill("Web shop");
  await browser.page.getByRole("textbox", { name: /^Address/ }).fill(`${shop.origin}/health`);
  await person.pick("Ask", "every 60 minutes");
  await person.click("button", "Watch it");
  await person.sees(/^This service backs itself up/);
  await person.click("button", "Set up");
  const dialog = browser.page.getByRole("dialog");
  await dialog.getByLabel(/^Address/).fill(`${shop.origin}/backups`);
  await person.click("button", "Add a header");
  await dialog.getByLabel("Name of the header").fill("x-api-key");
  await dialog.getByLabel(/^Value of/).fill(SECRET);
  await dialog.getByLabel("Has one of these statuses").fill("202");
  await dialog.getByRole("switch", { name: "It goes on there: ask until it is done" }).click();
  await dialog.getByLabel(/^Its place in the answer/).fill("href");
  await person.pick("Ask every", /^1 s/);
  await dialog
    .getByLabel(/^Done when it says at/)
    .first()
    .fill("/state");
  await dialog.getByLabel("Done when it says at: this value").fill("done");
  await dialog
    .getByLabel(/^Failed when it says at/)
    .first()
    .fill("/state");
  await dialog.getByLabel("Failed when it says at (optional): this value").fill("disk full");
  await person.click("button", "Save");
  await person.sees(/^A place in a JSON answer begins with/);
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("deployments-trigger-form");
  await dialog.getByLabel(/^Its place in the answer/).fill("/href");
  await person.click("button", "Save");
  await person.sees(/Then it is asked every/);
  assert.ok(!(await browser.page.content()).includes(SECRET));
});

chapter("a press backs the shop up; the page says how far it is and what became of it", async () => {
  const { person } = here;
  await person.click("button", "Run backup");
  await person.sees(/^Under way/);
  await person.sees("Made");
  shop.breaks = true;
  await person.click("button", "Run backup");
  await person.sees("It says itself that it failed: disk full.");
  assert.equal(shop.asked, 2);
  await lookAt("deployments-trigger");
});
