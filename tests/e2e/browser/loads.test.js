// An owner load-tests their own engine: looks at a ready plan, agrees by typing the host, watches it from two pages,
// reads the report; stops another one at once; compares the two; and is told why a third cannot begin.
import { test } from "node:test";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { looksRight } = here;

async function openTheQuickLook(seconds) {
  await here.person.click("link", /^Load tests/);
  await here.person.click("button", /A minute at 20 a second/);
  await here.person.sees(/^Ready to run/);
  await here.person.fill("Seconds", String(seconds));
  await here.person.sees(new RegExp(`arrivals in ${seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}`));
}

async function agree() {
  await here.person.click("button", "Run it…");
  await here.person.sees(/^Type 127\.0\.0\.1 to agree$/);
  await here.person.fill("Type 127.0.0.1 to agree", "127.0.0.1");
}

test("the first look says what it is and where to begin", async () => {
  await here.person.click("link", /^Load tests/);
  await here.person.sees("No run yet");
  await looksRight("loads-empty");
});

test("a plan shows what it will ask, and names a word nobody knows", async () => {
  await openTheQuickLook(45);
  await looksRight("loads-plan");
  const text = here.browser.page.getByRole("textbox", { name: /^Scenarios/ });
  const before = await text.inputValue();
  await text.fill(before.replace('"weight"', '"wieght"'));
  await here.person.sees(/Did you mean weight\?/);
  await looksRight("loads-plan-wrong");
  await text.fill(before);
  await here.person.sees(/^Ready to run/);
});

test("a run goes on while another page is looked at, and ends in a report", async () => {
  await agree();
  await looksRight("loads-consent");
  await here.person.click("button", "Run");
  await here.person.sees(/It goes on when you leave this page/);
  await here.person.click("link", /^Today/);
  await here.person.click("link", /^Load tests/);
  await here.person.sees("Quick look is running");
  await here.person.click("button", "See it");
  await here.browser.page.waitForTimeout(3_000); // A few seconds to look at.
  await looksRight("loads-live");
  await here.browser.page.getByText(/^Generator: \d+ threads/).waitFor({ timeout: 90_000 });
  await looksRight("loads-report");
});

test("Escape stops a run at once, and what it measured is kept", async () => {
  await openTheQuickLook(600);
  await agree();
  await here.person.click("button", "Run");
  await here.person.sees(/It goes on when you leave this page/);
  await here.browser.page.waitForTimeout(2_500); // So that there is something to keep.
  await here.person.press("Escape");
  await here.person.sees("Was stopped");
});

test("two runs are compared, and too short ones are called so", async () => {
  await here.person.click("link", /^Load tests/);
  await here.person.sees("Past runs");
  await looksRight("loads-past");
  for (const box of await here.browser.page.getByRole("checkbox", { name: /^Compare Quick look/ }).all())
    await box.check();
  await here.person.click("button", "Compare two");
  await here.person.sees("Too short to say: each run needs 30 seconds beside its warm-up.");
  await looksRight("loads-compare");
});

test("a target where nobody listens is said in a sentence", async () => {
  await openTheQuickLook(5);
  await here.person.fill("Target", "http://127.0.0.1:1");
  await here.browser.page
    .getByRole("textbox", { name: /^Scenarios/ })
    .fill(JSON.stringify({ scenarios: [{ name: "A", weight: 1, steps: [{ name: "A", path: "/" }] }] }));
  await here.person.sees("Ready to run: 1 steps");
  await agree();
  await here.person.click("button", "Run");
  await here.person.sees("It could not begin");
  await here.person.sees("Nobody listens at http://127.0.0.1:1.");
  await looksRight("loads-failed");
});
