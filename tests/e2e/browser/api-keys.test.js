// A key for another program: made for one thing, good for that alone, revoked; and none of it for a manager.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const MANAGER = { name: "Ana Vidal", email: "ana@luna.example", password: "Pane-e-coperto-1987" };
const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

let restaurant;
let key;

/** What a program with this key gets for an answer. */
async function asks(path) {
  const answer = await fetch(`${restaurant}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return answer.status;
}

chapter("the page says what keys are for before there is one", async () => {
  await here.person.click("link", /^Settings/);
  const asked = here.browser.page.waitForRequest(/\/api-keys$/);
  await here.person.click("link", "API keys");
  restaurant = (await asked).url().replace(/\/api-keys$/, "");
  await here.person.sees("No program has a key yet");
  await lookAt("api-keys-empty");
});

chapter("a key for nothing is not made, and a key for one thing is shown once", async () => {
  const { page, context } = here.browser;
  await here.person.click("button", "New key");
  await here.person.fill("Name", "Website");
  await here.person.click("button", "Make the key");
  await here.person.sees("Choose what the key is for.");
  await here.person.click("checkbox", "See the menu");
  await here.person.sees(/^1 of \d+$/);
  await lookAt("api-keys-new");
  await here.person.click("button", "Make the key");
  await here.person.sees("Copy it now: it is not shown again.");
  key = await page.getByLabel("The key", { exact: true }).textContent();
  assert.match(key, /^ck_\S{40,}$/);
  await lookAt("api-keys-made");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await here.person.click("button", "Copy");
  await here.person.sees("Copied");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  await page.getByRole("dialog").getByText("Close").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(!(await page.content()).includes(key));
});

chapter("it opens that one thing and nothing else, and the list says so", async () => {
  const { page } = here.browser;
  assert.equal(await asks("/menu"), 200);
  assert.equal(await asks("/orders"), 403);
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "Website" });
  await row.getByText("Just now").waitFor();
  const said = await row.textContent();
  for (const wanted of [
    `${key.slice(0, 7)}…`,
    "Free",
    "10 requests a minute",
    "See the menu",
    "by Marta Luna",
  ])
    assert.ok(said.includes(wanted), `${wanted} in: ${said}`);
  await row.getByText("Works").waitFor();
  await lookAt("api-keys");
});

chapter("a second one of the same name is refused at its field, and reading alone is one press", async () => {
  const { page } = here.browser;
  await here.person.click("button", "New key");
  await here.person.fill("Name", "Website");
  await here.person.click("button", "Only reading");
  await here.person.click("button", "Make the key");
  await page.getByRole("dialog").getByText("Another key has this name.").waitFor();
  // The refusal itself, which the browser writes down.
  here.browser.complaints.splice(0);
  await lookAt("api-keys-taken");
  await here.person.fill("Name", "Accountant");
  await here.person.click("button", "Make the key");
  await page.getByRole("dialog").getByText("Close").click();
  const row = page.getByRole("row").filter({ hasText: "Accountant" });
  await row.locator("summary").click();
  await row.getByText("See reports").waitFor();
  assert.doesNotMatch(await row.textContent(), /Change the menu/);
  await lookAt("api-keys-two");
});

chapter("revoked, it is nobody's from the next request on", async () => {
  const { page } = here.browser;
  await here.person.click("button", "Revoke: Website");
  await here.person.sees("Revoke “Website”?");
  await lookAt("api-keys-revoke");
  await here.person.click("button", "Revoke the key");
  await page.getByRole("row").filter({ hasText: "Website" }).waitFor({ state: "detached" });
  assert.equal(await asks("/menu"), 401);
});

chapter("the limits count keys too, and lead to them", async () => {
  const { page } = here.browser;
  await page.getByRole("main").getByRole("link", { name: "Limits" }).click();
  for (const limiter of [/^Free keys/, /^Searches by key/, /^Reports and exports by key/])
    await page.getByRole("rowheader", { name: limiter }).waitFor();
  await lookAt("limits-keys");
  await page.getByRole("main").getByRole("link", { name: "API keys" }).click();
  await here.person.seesControl("heading", "API keys");
});

chapter("a manager finds no way to them, and the address says why", async () => {
  const { page } = here.browser;
  await here.person.click("link", /^Staff/);
  await here.person.click("button", "Add a person");
  await here.person.fill("Name", MANAGER.name);
  await here.person.fill("E-mail", MANAGER.email);
  await here.person.choose("Manager");
  await here.person.fill("First password", MANAGER.password);
  await here.person.click("button", "Add to the staff");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await here.person.click("link", /^Settings/);
  await here.person.click("button", "Sign out");
  await here.person.fill("E-mail", MANAGER.email);
  await here.person.fill("Password", MANAGER.password);
  await here.person.click("button", "Sign in");
  await here.person.click("link", /^Settings/);
  await here.person.seesControl("heading", "Settings");
  await here.person.sees("Appearance");
  assert.equal(await page.getByRole("link", { name: "API keys" }).count(), 0);
  await page.goto(`${here.engine.origin}/settings/api-keys`);
  await here.person.sees("This page is not part of your role");
  await lookAt("api-keys-manager");
});
