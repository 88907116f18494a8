// The computer sleeps and wakes up: the engine stands still until the page has noticed, and goes on.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

/** Between two signs of life on a line, and how long after the second one is missed: socketioxide's own. */
const NOTICED_MS_MAX = (25 + 20 + 10) * 1000;

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
});
const { chapter, lookAt } = here;

/** Asks as the page does, from outside of it: another screen of the house. */
async function ask(method, where, body) {
  const session = await here.browser.page.evaluate(() => localStorage.getItem("comanda.session"));
  const { token, restaurantId } = JSON.parse(session);
  const answer = await fetch(`${here.engine.origin}/api/v1${where.replace("{rid}", restaurantId)}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  assert.ok(answer.ok, `${where}: ${JSON.stringify(said)}`);
  return said;
}

async function logged() {
  const logs = path.join(here.engine.folder, "logs");
  const files = await Promise.all(
    (await readdir(logs)).map((name) => readFile(path.join(logs, name), "utf8")),
  );
  return files.join("");
}

let ordered;
let wake;
let before;

chapter("a page whose engine stands still says that nobody answers", async () => {
  await here.person.click("link", /^Orders/);
  await here.person.sees("Nothing is open");
  await here.person.sees("Up to date");
  before = { runs: await ask("GET", "/jobs/runs"), alerts: await ask("GET", "/restaurants/{rid}/alerts") };
  const menu = await ask("GET", "/restaurants/{rid}/menu");
  const dish = menu.categories[0].items[0].id;
  wake = here.engine.freeze();
  // Another screen sent this just before: it waits with the engine.
  const lines = [{ item_id: dish }];
  ordered = ask("POST", "/restaurants/{rid}/orders", { service: "dine_in", table: "11", covers: 2, lines });
  await here.browser.page.getByText(/^No connection/).waitFor({ timeout: NOTICED_MS_MAX });
});

chapter("awake again, the page shows what is true, and nothing is made up for twice", async () => {
  wake();
  const { number } = await ordered;
  await here.person.sees("Up to date");
  await here.person.sees(new RegExp(number));
  await here.person.sees(/Table 11/);
  // What the line's end said in the console.
  here.browser.complaints.length = 0;
  await lookAt("slept");
  assert.match(await logged(), /the computer slept, or this program was stopped/);
  const { runs, alerts } = {
    runs: await ask("GET", "/jobs/runs"),
    alerts: await ask("GET", "/restaurants/{rid}/alerts"),
  };
  assert.deepEqual(runs.items, before.runs.items);
  const rules = (all) => all.active.map((alert) => alert.rule);
  assert.deepEqual(rules(alerts), rules(before.alerts));
});
