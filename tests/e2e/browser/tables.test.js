// The floor in Chromium: begun with a ready one, an order opened at a table and moved, two that become one, a call
// that is answered, and tables arranged by keyboard.
import assert from "node:assert/strict";
import { becomes } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

chapter("a house without a floor begins with a ready one", async () => {
  await here.person.click("link", /^Tables/);
  await here.person.sees("Draw your floor");
  await lookAt("tables-empty");
  await here.person.click("button", "Begin with a ready floor");
  await here.person.sees("0 of 17 tables taken");
  await lookAt("tables-free");
});

const length = async (label) =>
  Number(await here.browser.page.getByLabel(label, { exact: true }).inputValue());
const isSaved = (response) => response.url().endsWith("/floor/arrange") && response.ok();
const saved = () => here.browser.page.waitForResponse(isSaved);

/** The next save waits on its way to the engine until it is let go. */
async function holdOneSave() {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const letGo = async (route) => {
    await held;
    await route.continue();
  };
  await here.browser.page.route("**/floor/arrange", letGo, { times: 1 });
  return release;
}

/** A party sits down at a free table of the dining room. */
async function seat(table, covers) {
  await here.person.click("button", new RegExp(`^Table ${table}, Free`));
  await here.person.click("button", "Open an order");
  await here.person.click("button", covers);
  await here.person.click("button", "Open the order");
  await here.person.sees(/^A-\d+ · opened/);
  await here.person.click("link", /^Tables/);
}

chapter("an order is opened from its table, with as many as it has seats", async () => {
  await seat("4", "3");
  await here.person.seesControl("button", /^Table 4, Seated, 4 seats, 3 guests/);
  await here.person.sees("1 of 17 tables taken · 3 guests");
});

chapter("a party moves to a free table, and joins another one", async () => {
  await here.person.click("button", /^Table 4, Seated/);
  await lookAt("tables-one");
  await here.person.click("button", "Move");
  await here.person.sees(/where to\?/);
  await here.person.click("button", /^Table 6, Free/);
  await here.person.sees("Move A-0001 to Table 6?");
  await here.person.click("button", "Move");
  await here.person.sees("A-0001 is at Table 6 now.");
  await here.person.seesControl("button", /^Table 4, Free/);
  await here.person.click("button", "Back to the floor");
  await seat("3", "2");
  await here.person.click("button", /^Table 3, Seated/);
  await here.person.click("button", "Move");
  await here.person.click("button", /^Table 6, Seated/);
  await here.person.sees("Table 6 is taken");
  await lookAt("tables-taken");
  await here.person.click("button", "Join A-0001");
  await here.person.seesControl("button", /^Table 6, Seated, 4 seats, 5 guests/);
  await here.person.seesControl("button", /^Table 3, Free/);
});

chapter("a table calls until somebody is there", async () => {
  await here.person.click("button", "Call a waiter");
  await here.person.seesControl("button", "Table 6: I am there");
  await lookAt("tables-calling");
  await here.person.click("button", "Table 6: I am there");
  await here.person.sees(/^Marta Luna came at/);
  await here.person.click("button", "Take this table");
  await here.person.seesControl("button", /^Table 6, .* served by Marta Luna/);
});

chapter("tables are moved and sized by the keyboard, and Escape keeps what is saved", async () => {
  await here.person.click("button", /^Arrange/);
  const two = here.browser.page.getByRole("button", { name: /^Table 2, / });
  await two.click();
  const before = await length("From the left");
  await two.focus();
  const wider = saved();
  await here.person.press("Shift+ArrowDown");
  await wider;
  const release = await holdOneSave();
  const asked = here.browser.page.waitForRequest("**/floor/arrange");
  await here.person.press("ArrowRight");
  await asked;
  // What is on its way is not taken back; what came after it is.
  await Promise.all([here.person.press("ArrowRight"), here.person.press("Escape")]);
  await becomes(() => length("From the left"), before + 20);
  const nudged = saved();
  release();
  await nudged;
  await becomes(() => length("From the left"), before + 20);
  await becomes(() => length("Depth"), 100);
  await lookAt("tables-arranging");
  const undone = saved();
  await here.person.click("button", "Undo");
  await undone;
  await becomes(() => length("From the left"), before);
});

chapter("a step while the last one is being saved is not lost", async () => {
  const before = await length("From the left");
  await here.browser.page.getByRole("button", { name: /^Table 2, / }).focus();
  const release = await holdOneSave();
  const asked = here.browser.page.waitForRequest("**/floor/arrange");
  await here.person.press("ArrowRight");
  await asked;
  let answers = 0;
  const both = here.browser.page.waitForResponse((answer) => isSaved(answer) && ++answers === 2);
  await here.person.press("ArrowRight");
  release();
  await both;
  await becomes(() => length("From the left"), before + 40);
  await here.browser.page.reload();
  await here.browser.page.getByRole("button", { name: /^Table 2, / }).click();
  await becomes(() => length("From the left"), before + 40);
  await here.person.click("button", "Done");
  await here.person.choose("List");
  await lookAt("tables-list");
});

chapter("a table that calls is said on every other page, with the way there", async () => {
  await here.person.click("link", /^Orders/);
  await here.person.seesControl("heading", "Orders");
  // Called from another screen, as a guest's waiter would.
  const call = (table, wants) =>
    here.browser.page.evaluate(
      async ([table, wants]) => {
        const { token, restaurantId } = JSON.parse(localStorage.getItem("comanda.session"));
        const base = `/api/v1/restaurants/${restaurantId}/floor`;
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const floor = await (await fetch(base, { headers })).json();
        const { id } = floor.tables.find((one) => one.name === table);
        const body = JSON.stringify({ wants });
        const answer = await fetch(`${base}/tables/${id}/call`, { method: "POST", headers, body });
        return answer.ok;
      },
      [table, wants],
    );
  assert.ok(await call("2", "bill"));
  const toast = here.browser.page.getByRole("alert").filter({ hasText: "Asks for the bill" });
  await toast.waitFor();
  await lookAt("orders-called");
  await toast.getByRole("button", { name: "Put it aside" }).click();
  await toast.waitFor({ state: "detached" });
  assert.ok(await call("5", "waiter"));
  await here.person.click("button", "Go to the table");
  await here.person.seesControl("button", "Table 5: I am there");
  // Where the list of calls says it, no toast does.
  assert.equal(await here.browser.page.getByRole("button", { name: "Go to the table" }).count(), 0);
});
