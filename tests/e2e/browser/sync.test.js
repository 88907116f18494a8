// Two engines and two browsers: a second desk joins with a code, each sees what the other does, both work on apart, and
// come together again.
import assert from "node:assert/strict";
import { after } from "node:test";
import { open, examine, hands } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

/** The second desk: its engine, its browser, the person at it. */
const bar = {};
const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
  bar.engine = await serve();
  bar.browser = await open();
  bar.person = hands(bar.browser.page);
});
after(async () => {
  await bar.browser?.close();
  await bar.engine?.stop();
});
const { chapter, lookAt } = here;

/** Looks at the bar's page as `lookAt` does at the first desk's. */
async function lookAtBar(name) {
  const findings = await examine(bar.browser.page, name);
  assert.deepEqual([...findings, ...bar.browser.complaints.splice(0)], []);
}

async function takeAnOrder(person, table) {
  await person.click("link", /^Orders/);
  await person.click("button", /^New order/);
  await person.fill("Table", table);
  await person.fill("Find an item", "tag");
  await person.seesControl("option", /Tagliatelle/);
  await person.press("Enter");
  await person.sees("1 item");
  await person.click("button", "Open and hold");
  await person.sees(/Held/);
}

chapter("a restaurant with one desk says what a second one is for, and makes a code", async () => {
  await here.person.click("link", "Sync");
  await here.person.sees("Only this desk so far");
  await lookAt("sync-empty");
  await here.person.click("button", "Link a desk");
  await here.person.sees(/Good once, for 9:|Good once, for 10:/);
  await lookAt("sync-code");
});

chapter("the other computer joins with the address and the code", async () => {
  const code = await here.browser.page.getByLabel("Link code").textContent();
  const { page } = bar.browser;
  await page.goto(bar.engine.link);
  await bar.person.sees("What is it called?");
  await bar.person.click("button", "Join it");
  await bar.person.fill("Address of the other desk", here.engine.origin);
  await bar.person.fill("Code", "0000-0000-0000-0000");
  await lookAtBar("sync-join");
  await bar.person.click("button", "Join");
  await bar.person.sees(/This code is unknown/);
  await bar.person.fill("Code", code.toLowerCase());
  await bar.person.click("button", "Join");
  await bar.person.fill("E-mail", story.OWNER.email);
  await bar.person.fill("Password", story.OWNER.password);
  await bar.person.click("button", "Sign in");
  await bar.person.seesControl("link", "Today");
  await here.person.sees(/“Bar” is linked\. It prints B/);
  await here.person.click("button", "Close");
  await here.person.sees("In touch");
  await lookAt("sync-desks");
});

chapter("an order taken at one desk is seen at the other", async () => {
  await here.person.click("link", /^Orders/);
  await takeAnOrder(bar.person, "7");
  await here.person.sees(/B-0001/);
  await takeAnOrder(here.person, "8");
  await bar.person.click("link", /^Orders/);
  await bar.person.sees(/A-0001/);
  await bar.person.seesControl("link", "In step");
  await bar.person.click("link", "In step");
  await bar.person.sees("Everything done here is at the other desks, and theirs is here.");
  await lookAtBar("sync-in-step");
});

chapter("apart, the bar works on and says what waits", async () => {
  await here.engine.cut();
  here.browser.complaints.length = 0;
  await takeAnOrder(bar.person, "9");
  await bar.person.sees(/B-0002/);
  await bar.person.click("link", /^Away · \d+ wait/);
  await bar.person.sees(/steps? waits? here/);
  await lookAtBar("sync-away");
  here.browser.complaints.length = 0;
});

chapter("together again, each has what the other did", async () => {
  await here.engine.resume();
  await bar.person.sees("Everything done here is at the other desks, and theirs is here.");
  await here.browser.page.goto(`${here.engine.origin}/orders`);
  await here.person.sees(/B-0002/);
  // While it was away, both pages said so in the console.
  here.browser.complaints.length = 0;
  bar.browser.complaints.length = 0;
});

chapter("the first desk names the bar as its spare, and the bar says where it is", async () => {
  await here.person.click("link", "Sync");
  await here.person.pick("Spare", /^Bar/);
  await here.person.sees(/It has not said yet at which address/);
  await bar.person.sees("This desk is the spare");
  await bar.person.sees("0 s behind");
  await bar.person.fill("Address of this desk", bar.engine.origin);
  await bar.person.click("button", "Save");
  await here.person.sees(/if this desk is gone, a person there takes over/);
  await lookAt("sync-spare-named");
  await lookAtBar("sync-spare");
});

chapter("the first desk dies: its screen shows the way, and the bar takes over", async () => {
  await here.person.click("link", /^Orders/);
  // The screen keeps the address as soon as it hears of it.
  await here.browser.page.waitForFunction(() =>
    Object.keys(localStorage).some((key) => key.startsWith("comanda.spare.")),
  );
  await here.engine.cut();
  await here.person.seesControl("link", "Open at the spare");
  // While it is away, the page says so in the console again and again.
  assert.deepEqual(await examine(here.browser.page, "spare-offered"), []);
  await bar.person.sees(/in step until/);
  await bar.person.click("button", "Take over…");
  await bar.person.sees("Take over from the main desk?");
  await lookAtBar("sync-take-over");
  await bar.person.fill(`Type ${story.RESTAURANT} to agree`, story.RESTAURANT);
  await bar.person.click("button", "Take over");
  await bar.person.sees(/This desk keeps the order of things for itself/);
  bar.browser.complaints.length = 0;
  await lookAtBar("sync-taken-over");
  here.browser.complaints.length = 0;
});

chapter("the first desk comes back and follows", async () => {
  await here.engine.resume();
  // A page that is opened in the instant its file is exchanged is opened again.
  const follows = here.browser.page.getByText(
    "Everything done here is at the other desks, and theirs is here.",
  );
  for (let tries = 0; tries < 5 && !(await follows.isVisible()); tries += 1) {
    await here.browser.page.goto(`${here.engine.origin}/sync`);
    await follows.waitFor({ timeout: 8_000 }).catch(() => {});
  }
  await here.person.sees("Everything done here is at the other desks, and theirs is here.");
  await here.person.sees(new RegExp(`Linked to ${bar.engine.origin.replace("http://", "")} since`));
  here.browser.complaints.length = 0;
  await lookAt("sync-fenced");
  here.browser.complaints.length = 0;
  bar.browser.complaints.length = 0;
});
