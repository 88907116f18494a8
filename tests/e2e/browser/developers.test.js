// The page for who writes a program: its samples are taken from it as they stand and really run, with a key that is
// for nothing more; its errors, limits and events are the engine's own.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { promisify } from "node:util";
import { ROOT, temporaryFolder } from "../lib/headless.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { chapter, lookAt } = here;
const programs = await temporaryFolder("samples");
after(() => programs.remove());

const RUN_MS_MAX = 20_000;
const LANGUAGES = [
  { name: "curl", run: "sh", ending: "sh" },
  { name: "Python", run: "python3", ending: "py" },
  { name: "JavaScript", run: process.execPath, ending: "mjs" },
];

let restaurant;
let token;
let key;

async function ask(address, body) {
  const answer = await fetch(`${restaurant}${address}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}

const openOrders = async () => (await ask("/orders?state=open&limit=200")).items;

/** What the page shows for this step in this language, to the letter. */
async function sampleOf(step, language) {
  const { page } = here.browser;
  await here.person.choose(language);
  const code = page.getByRole("region", { name: `${step}, ${language}`, exact: true });
  return (await code.textContent()) ?? "";
}

/** Runs it as somebody would who saved it to a file; gives what it printed. */
async function run(text, { name, run: program, ending }) {
  const file = path.join(programs.folder, `${name}.${ending}`);
  await writeFile(file, text);
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, COMANDA_KEY: key };
  const options = { cwd: programs.folder, env, timeout: RUN_MS_MAX };
  return (await promisify(execFile)(program, [file], options)).stdout;
}

chapter("the keys lead to how they are used", async () => {
  await here.person.click("link", /^Settings/);
  const asked = here.browser.page.waitForRequest(/\/api-keys$/);
  await here.person.click("link", "API keys");
  const request = await asked;
  restaurant = request.url().replace(/\/api-keys$/, "");
  token = request.headers().authorization.replace("Bearer ", "");
  const scopes = ["orders.read", "orders.write", "menu.read"];
  ({ key } = await ask("/api-keys", { name: "Samples", tier: "premium", scopes, days: 1 }));
  await here.person.click("link", "How to use it");
  await here.person.seesControl("heading", "How to use the API");
  await here.person.sees(/What is ordered is “/);
  await lookAt("developers");
});

chapter("the contract is a page and two files", async () => {
  const { page } = here.browser;
  const link = page.getByRole("link", { name: "Open the page" });
  assert.equal((await fetch(new URL(await link.getAttribute("href"), here.engine.origin))).status, 200);
  for (const [what, name, isIn] of [
    ["OpenAPI", "comanda.openapi.json", /"openapi":\s*"3\.1/],
    ["Postman collection", "comanda.postman_collection.json", /schema\.getpostman\.com/],
  ]) {
    const saved = page.waitForEvent("download");
    await here.person.click("button", `Download: ${what}`);
    const file = await saved;
    assert.equal(file.suggestedFilename(), name);
    const pieces = [];
    for await (const piece of await file.createReadStream()) pieces.push(piece);
    assert.match(Buffer.concat(pieces).toString(), isIn);
  }
});

for (const language of LANGUAGES) {
  chapter(`${language.name}: the sample lists the orders that are open`, async () => {
    const text = await sampleOf("List the open orders", language.name);
    assert.ok(text.includes("COMANDA_KEY") && !text.includes(key), text);
    const printed = await run(text, language);
    const orders = await openOrders();
    assert.ok(orders.length > 0);
    for (const order of orders) {
      assert.ok(printed.includes(order.number), `${order.number} in: ${printed}`);
      assert.ok(printed.includes(String(order.total_minor)), printed);
    }
  });

  chapter(`${language.name}: the sample opens one order, with a dish of this menu`, async () => {
    const before = new Set((await openOrders()).map(({ id }) => id));
    const printed = await run(await sampleOf("Open an order", language.name), language);
    const opened = (await openOrders()).filter(({ id }) => !before.has(id));
    assert.equal(opened.length, 1, printed);
    assert.equal(opened[0].service, "takeaway");
    assert.equal(opened[0].lines_count, 1);
    assert.ok(printed.includes(opened[0].id), printed);
    if (language.name === "Python") await lookAt("developers-python");
  });
}

chapter("the JavaScript sample hears of an order as it is opened", async () => {
  const text = await sampleOf("Follow what happens", "JavaScript");
  // From standard input, so that the client is found where the screens have it.
  const follower = spawn(process.execPath, ["--input-type=module"], {
    cwd: path.join(ROOT, "ui"),
    env: { PATH: process.env.PATH, COMANDA_KEY: key },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const late = setTimeout(() => follower.kill(), RUN_MS_MAX);
  try {
    follower.stdin.end(text);
    let id;
    for await (const line of createInterface({ input: follower.stdout })) {
      if (line === "connected") ({ id } = await ask("/orders", { service: "takeaway", lines: [] }));
      if (line.startsWith("order:create ")) {
        assert.equal(JSON.parse(line.replace("order:create ", "")).order_id, id);
        return;
      }
    }
    assert.fail("it ended before it heard of the order");
  } finally {
    clearTimeout(late);
    follower.kill();
  }
});

chapter("a sample is copied by the keyboard, to the letter", async () => {
  const { page, context } = here.browser;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const text = await sampleOf("Open an order", "Python");
  await page.getByRole("button", { name: "Copy: Open an order, Python" }).press("Enter");
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  await page.reload();
  await page.getByRole("region", { name: "Open an order, Python" }).waitFor();
});

chapter("errors, limits and events are what the engine says", async () => {
  const { page } = here.browser;
  const contract = await (await fetch(`${here.engine.origin}/api-docs/openapi.json`)).json();
  const errors = page.getByRole("region", { name: "Errors" });
  await errors.getByRole("rowheader").first().waitFor();
  assert.deepEqual(
    await errors.getByRole("rowheader").allTextContents(),
    contract["x-errors"].map(({ code }) => code),
  );
  await errors
    .getByRole("row")
    .filter({ hasText: "too_many_requests" })
    .getByText("429", { exact: true })
    .waitFor();
  const events = page.getByRole("region", { name: "Events" });
  const row = events.getByRole("row").filter({ hasText: "order:create" });
  assert.match((await row.textContent()) ?? "", /An order is opened\..*order_id.*orders\.read/);
  const limits = page.getByRole("region", { name: "How often" });
  await limits.getByText("10 requests a minute").first().waitFor();
  await errors.scrollIntoViewIfNeeded();
  await lookAt("developers-errors");
  await limits.getByRole("link", { name: "All limits" }).click();
  await here.person.seesControl("heading", "Limits");
});
