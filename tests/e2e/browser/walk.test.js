// A manager's walk in Chromium: an order is otherwise than was said, its service charge comes off and back, a check a
// seat, too much out of the drawer, and what the search does at the till.
import assert from "node:assert/strict";
import { becomes } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
});
const { chapter, lookAt } = here;
const page = () => here.browser.page;

/** Asks the engine as the browser's own session. */
const ask = (path, method = "GET", body = undefined, headers = {}) =>
  page().evaluate(
    async ([path, method, body, headers]) => {
      const { token, restaurantId } = JSON.parse(localStorage.getItem("comanda.session"));
      const answer = await fetch(`/api/v1/restaurants/${restaurantId}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return answer.status === 204 ? null : answer.json();
    },
    [path, method, body, headers],
  );

async function find(words) {
  await page().keyboard.press("Control+k");
  await page().getByRole("searchbox").or(page().getByLabel("Search")).last().fill(words);
  await page()
    .getByRole("button", { name: words })
    .or(page().getByRole("option", { name: words }))
    .first()
    .waitFor();
  await here.person.press("Enter");
}

chapter("covers and note of an open order are changed, and the history tells it", async () => {
  await ask("", "PATCH", {
    service_charges: { dine_in_bp: 1000, takeaway_bp: 0, delivery_bp: 0, tax_rate_bp: null },
  });
  const menu = await ask("/menu");
  const [pasta, wine] = menu.categories[0].items.map((item) => item.id);
  const lines = [
    { item_id: pasta, seat: 1 },
    { item_id: pasta, seat: 2 },
    { item_id: wine, quantity_milli: 3000 },
  ];
  await ask("/orders", "POST", { service: "dine_in", table: "7", covers: 2, lines });
  await page().reload();
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /Table 7/);
  await here.person.click("button", "More for this order");
  await here.person.seesControl("menuitem", /^Covers and note/);
  await here.person.click("menuitem", /^Covers and note/);
  await here.person.fill("Covers", "1000");
  await here.person.sees("Between 1 and 999.");
  await here.person.fill("Covers", "5");
  await here.person.fill("Note for the whole order", "A birthday at nine");
  await lookAt("order-change");
  await here.person.click("button", "Save");
  await here.person.sees("5 covers");
  await here.person.sees("A birthday at nine");
  await here.person.press("h");
  await here.person.sees("Marta Luna changed covers or note.");
  await here.person.press("h");
});

chapter("the service charge comes off with a reason and is put back", async () => {
  await here.person.sees("Service charge");
  await here.person.press("w");
  await here.person.click("button", "Waited too long");
  await lookAt("order-charge-off");
  await here.person.click("button", "Take the service charge off");
  await here.person.sees("Service charge taken off: Waited too long");
  await lookAt("order-no-charge");
  await here.person.press("w");
  await here.person.click("button", "Taken off by mistake");
  await here.person.click("button", "Put the service charge back");
  await here.person.sees("Service charge: Taken off by mistake");
});

chapter("a percentage is pasted with either decimal mark", async () => {
  await page().context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await here.person.press("d");
  for (const text of ["9,5", "9.5"]) {
    await here.person.fill("How much, in percent", "");
    await page().evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await here.person.press("Control+v");
    assert.equal(await page().getByLabel("How much, in percent").inputValue(), "9.5 %", text);
  }
  await here.person.press("Escape");
});

chapter("there is a check for each seat, by one press", async () => {
  await here.person.press("x");
  await here.person.click("button", "A check for each seat");
  await here.person.seesControl("button", "All on one check again");
  const second = page().getByRole("region", { name: /\/2$/ });
  await second.getByText("Seat 2").waitFor();
  await lookAt("order-by-seat");
  await here.person.press("Escape");
});

chapter("more than lies in the drawer is asked about before it goes out", async () => {
  await find("Open the till");
  await here.person.fill("Float", "100");
  await here.person.click("button", "Open with €100.00");
  await here.person.sees("The till is open");
  assert.equal(new URL(page().url()).search, "");
  await find("Move cash");
  await here.person.fill("Amount", "500000");
  await here.person.fill(/^Reason/, "Bank");
  await here.person.click("button", "Pay out €500,000.00");
  await here.person.sees(/^There should be €100\.00 in the drawer/);
  here.browser.complaints.splice(0); // A refusal, which the browser reports.
  await lookAt("till-too-much");
  await here.person.fill("Amount", "50");
  await here.person.click("button", "Pay out €50.00");
  await page().getByRole("dialog").waitFor({ state: "detached" });
  await find("Close the till");
  await here.person.sees(/^Count everything in the drawer/);
  await here.person.press("Escape");
});

chapter("an item is made at a station of the house, and no name is on the menu twice", async () => {
  await ask("/stations", "POST", { name: "Pasta corner" });
  await here.person.click("link", /^Menu/);
  await page().setViewportSize({ width: 1024, height: 768 });
  await page().screenshot({ path: "tests/e2e/shots/menu-1024x768-light.png" });
  await page().setViewportSize({ width: 1440, height: 900 });
  await here.person.click("button", "Edit Tagliatelle");
  await here.person.pick("Who makes it", "Pasta corner");
  await lookAt("item-station");
  await here.person.click("button", "Save");
  await page().getByRole("dialog").waitFor({ state: "detached" });
  await page()
    .getByRole("listitem", { name: /^Tagliatelle/ })
    .getByText("Pasta corner")
    .waitFor();
  await here.person.click("button", /^Add item/);
  await here.person.fill("Name", "house wine");
  await here.person.fill("Price", "4");
  await here.person.click("button", "Add");
  await here.person.sees("This category has an item of this name already.");
  here.browser.complaints.splice(0);
  await lookAt("item-twice");
  await here.person.press("Escape");
});

chapter("a link that names no order says so and shows no machine's words", async () => {
  await page().goto(`${here.engine.origin}/orders?order=not-an-order`);
  await here.person.sees("This is not there any more");
  assert.equal(await page().getByText(/uuid/i).count(), 0);
  await lookAt("order-bad-link");
  await here.person.click("button", "Back to all orders");
});

chapter("whoever leaves practice with an order in hand asks for nothing that was practice", async () => {
  await find("Practise");
  await here.person.click("button", "Begin practice");
  await here.person.sees(/nothing here counts/);
  const { id } = await ask(
    "/orders",
    "POST",
    { service: "takeaway", table: "Learner" },
    { "x-practice": "1" },
  );
  await page().goto(`${here.engine.origin}/orders?order=${id}`);
  await here.person.seesControl("heading", "Takeaway · Learner");
  await here.person.click("button", "Back to work");
  await page()
    .getByText(/nothing here counts/)
    .waitFor({ state: "detached" });
  await page().waitForLoadState("networkidle");
  assert.deepEqual(here.browser.complaints.splice(0), []);
});

chapter("a waiter who takes over on Today asks for nothing a waiter may not see", async () => {
  await ask("/staff", "POST", { name: "Nico", role: "waiter", pin: "4711" });
  await here.person.click("link", /^Today/);
  await here.person.seesControl("heading", "Today");
  await here.person.press(".");
  // What they may do takes a moment to come, and a guest orders meanwhile.
  const { restaurantId } = await page().evaluate(() => JSON.parse(localStorage.getItem("comanda.session")));
  await page().route(`**/restaurants/${restaurantId}`, async (route) => {
    await ask("/orders", "POST", { service: "takeaway" });
    await new Promise((passed) => setTimeout(passed, 500));
    await route.continue();
  });
  await here.person.fill("Your PIN", "4711");
  await here.person.press("Enter");
  await becomes(() => new URL(page().url()).pathname === "/today", false, "it is no waiter's page");
  await page().waitForLoadState("networkidle");
  assert.deepEqual(here.browser.complaints.splice(0), []);
});

chapter("who looks for it signs out from the search", async () => {
  await find("Sign out");
  await here.person.seesControl("button", "Sign in");
  here.browser.complaints.splice(0);
});
