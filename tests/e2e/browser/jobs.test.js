// What the engine does by itself, on the Health page: run by hand, another schedule, a schedule that is none.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

let engine;
let browser;
let page;
before(async () => {
  engine = await serve();
  browser = await open();
  page = browser.page;
  await page.goto(engine.link);
  await story.openTheRestaurant(hands(page));
  await hands(page).click("link", /^Health/);
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

const row = (name) => page.getByRole("row", { name: new RegExp(`^${name}`) });

test("A job that is run by hand says when it was done and how much", async () => {
  await page.getByRole("button", { name: "Run now: Check the records" }).click();
  await row("Check the records").getByText("1 restaurant is as it was").waitFor();
  await page.getByRole("button", { name: "Last runs" }).click();
  const runs = page.getByRole("list", { name: "Last runs" });
  await runs.getByText("by hand").first().waitFor();
  assert.deepEqual(await examine(page, "health-jobs"), []);
});

test("Another schedule is kept, a paused job never comes, and a schedule that is none is refused at its field", async () => {
  await page.getByRole("button", { name: "When it runs: Pack old records" }).click();
  const field = page.getByLabel("Schedule", { exact: true });
  await field.fill("99 * * * *");
  await page.keyboard.press("Enter");
  await page.getByText("Each field is *, a number in its range").waitFor();
  await field.fill("30 5 * * *");
  await page.keyboard.press("Enter");
  await row("Pack old records").getByText("At 05:30, every day").waitFor();
  await page.getByRole("button", { name: "When it runs: Pack old records" }).click();
  await page.getByLabel("Not by itself, only when somebody asks").check({ force: true });
  await page.getByRole("button", { name: "Save" }).click();
  await row("Pack old records").getByText("Paused").waitFor();
});

test("The page is there again when it is loaded again, and what was said is kept", async () => {
  await page.reload();
  await page.getByRole("heading", { name: "Health", level: 1 }).waitFor();
  await row("Pack old records").getByText("Paused").waitFor();
});
