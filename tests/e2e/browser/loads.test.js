// An owner load-tests their own engine: looks at a ready plan, agrees by typing the host, watches it from two pages,
// reads the report; stops another one at once; compares the two; and is told why a third cannot begin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import * as story from "../story.js";

let engine;
let browser;
let person;
before(async () => {
  engine = await serve();
  browser = await open();
  person = hands(browser.page);
  await browser.page.goto(engine.link);
  await story.openTheRestaurant(person, undefined, "demo");
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

/** Fails with what axe and the console complain of. */
async function looksRight(name) {
  const findings = await examine(browser.page, name);
  assert.deepEqual([...findings, ...browser.complaints.splice(0)], []);
}

async function openTheQuickLook(seconds) {
  await person.click("link", /^Load tests/);
  await person.click("button", /A minute at 20 a second/);
  await person.sees(/^Ready to run/);
  await person.fill("Seconds", String(seconds));
  await person.sees(new RegExp(`arrivals in ${seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}`));
}

async function agree() {
  await person.click("button", "Run it…");
  await person.sees(/^Type 127\.0\.0\.1 to agree$/);
  await person.fill("Type 127.0.0.1 to agree", "127.0.0.1");
}

test("the first look says what it is and where to begin", async () => {
  await person.click("link", /^Load tests/);
  await person.sees("No run yet");
  await looksRight("loads-empty");
});

test("a plan shows what it will ask, and names a word nobody knows", async () => {
  await openTheQuickLook(45);
  await looksRight("loads-plan");
  const text = browser.page.getByRole("textbox", { name: /^Scenarios/ });
  const before = await text.inputValue();
  await text.fill(before.replace('"weight"', '"wieght"'));
  await person.sees(/Did you mean weight\?/);
  await looksRight("loads-plan-wrong");
  await text.fill(before);
  await person.sees(/^Ready to run/);
});

test("a run goes on while another page is looked at, and ends in a report", async () => {
  await agree();
  await looksRight("loads-consent");
  await person.click("button", "Run");
  await person.sees(/It goes on when you leave this page/);
  await person.click("link", /^Today/);
  await person.click("link", /^Load tests/);
  await person.sees("Quick look is running");
  await person.click("button", "See it");
  await browser.page.waitForTimeout(3_000); // A few seconds to look at.
  await looksRight("loads-live");
  await browser.page.getByText(/^Generator: \d+ threads/).waitFor({ timeout: 90_000 });
  await looksRight("loads-report");
});

test("Escape stops a run at once, and what it measured is kept", async () => {
  await openTheQuickLook(600);
  await agree();
  await person.click("button", "Run");
  await person.sees(/It goes on when you leave this page/);
  await browser.page.waitForTimeout(2_500); // So that there is something to keep.
  await person.press("Escape");
  await person.sees("Was stopped");
});

test("two runs are compared, and too short ones are called so", async () => {
  await person.click("link", /^Load tests/);
  await person.sees("Past runs");
  await looksRight("loads-past");
  for (const box of await browser.page.getByRole("checkbox", { name: /^Compare Quick look/ }).all())
    await box.check();
  await person.click("button", "Compare two");
  await person.sees("Too short to say: each run needs 30 seconds beside its warm-up.");
  await looksRight("loads-compare");
});

test("a target where nobody listens is said in a sentence", async () => {
  await openTheQuickLook(5);
  await person.fill("Target", "http://127.0.0.1:1");
  await browser.page
    .getByRole("textbox", { name: /^Scenarios/ })
    .fill(JSON.stringify({ scenarios: [{ name: "A", weight: 1, steps: [{ name: "A", path: "/" }] }] }));
  await person.sees("Ready to run: 1 steps");
  await agree();
  await person.click("button", "Run");
  await person.sees("It could not begin");
  await person.sees("Nobody listens at http://127.0.0.1:1.");
  await looksRight("loads-failed");
});
