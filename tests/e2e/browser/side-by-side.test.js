// A tablet in the kitchen and a desktop at the pass, side by side: each sees what the other does by
// the live line, not by asking again, and how long that takes is said (not judged: the machine is shared).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { examine, hands, open } from "../lib/browser.js";
import { serve } from "../lib/headless.js";
import { printer } from "../lib/printer.js";
import * as story from "../story.js";

const ROUNDS = 9;
const TABLET = { width: 1024, height: 768 };

let engine;
let browser;
let other;
let desk;
let tablet;
let orders;
before(async () => {
  engine = await serve();
  browser = await open();
  desk = hands(browser.page);
  await browser.page.goto(engine.link);
  await story.openTheRestaurant(desk, undefined, "demo");
  orders = await askedOf(browser.page);
  // A browser of its own, as a tablet is: of two pages in one, the one behind is not painted.
  other = await open();
  const { page } = other;
  const session = await browser.page.evaluate(() => localStorage.getItem("comanda.session"));
  await other.context.addInitScript((kept) => localStorage.setItem("comanda.session", kept), session);
  await page.setViewportSize(TABLET);
  await page.goto(`${engine.origin}/kitchen`);
  tablet = page;
  await tablet.getByRole("heading", { name: "Kitchen", level: 1 }).waitFor();
});
after(async () => {
  await other?.close();
  await browser?.close();
  await engine?.stop();
});

/** What the pages of this restaurant ask the engine with. */
async function askedOf(page) {
  const request = page.waitForRequest(/\/api\/v1\/restaurants\/[^/]+\//);
  await page
    .getByRole("link", { name: /^Orders/ })
    .first()
    .click();
  const asked = await request;
  const base = /^.*\/restaurants\/[^/]+/.exec(asked.url())[0];
  const headers = { authorization: asked.headers().authorization, "content-type": "application/json" };
  const call = async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, { method, headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  return call;
}

/** An order of one dish of the kitchen itself, held, open on the desk; pizza is the oven's. */
async function takeOrder() {
  const menu = await orders("GET", "/menu");
  const items = menu.categories.find((category) => category.name === "Starters").items;
  const dish = items.find(
    (item) => item.station === "kitchen" && item.variants.length === 0 && item.available,
  );
  return orders("POST", "/orders", { service: "takeaway", lines: [{ item_id: dish.id }] });
}

/** Milliseconds from a press in one page to what it makes appear in another, on one clock. */
async function timed(press, appears) {
  const seen = appears();
  const pressedAt = await press();
  const seenAt = await seen;
  return seenAt - pressedAt;
}

/** Resolves with the page's clock once something matches; it looks at every frame. */
function appearance(page, selector, text) {
  return page.evaluate(
    ([selector, text]) =>
      new Promise((resolve) => {
        const look = () => {
          const there = [...document.querySelectorAll(selector)].some((one) =>
            one.textContent.includes(text),
          );
          if (there) resolve(performance.timeOrigin + performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    [selector, text],
  );
}

/** Presses a button inside the page and says when, by the page's clock. */
async function pressed(locator) {
  await locator.waitFor();
  return locator.evaluate((button) => {
    const at = performance.timeOrigin + performance.now();
    button.click();
    return at;
  });
}

/** What the live line of a page is told from now on. */
function hears(page) {
  const told = [];
  page.on("websocket", (line) =>
    line.on("framereceived", ({ payload }) => {
      const text = String(payload);
      if (text.includes('"changed"')) told.push(text);
    }),
  );
  return {
    /** Forgets what it was told. */
    clear: () => told.splice(0),
    /** Resolves once it was told that this feature changed; not by asking again, for that tells nothing. */
    of: async (feature) => {
      while (!told.some((text) => text.includes(`"${feature}"`))) await setTimeout(10);
    },
  };
}

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

test("what is fired at the desk appears in the kitchen, and what is bumped there at the desk", async () => {
  // The kitchen asks every three seconds whether it is alive; a change must not wait for that.
  const fired = [];
  const bumped = [];
  const [kitchenHears, deskHears] = [hears(tablet), hears(browser.page)];
  await tablet.reload();
  await browser.page.goto(`${engine.origin}/orders`);
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = await takeOrder();
    kitchenHears.clear();
    await browser.page.locator(`[data-order="${order.id}"]`).click();
    const fire = browser.page.getByRole("button", { name: /^Fire/ }).last();
    fired.push(
      await timed(
        () => pressed(fire),
        () => appearance(tablet, "article", order.number),
      ),
    );
    await kitchenHears.of("kitchen");
    deskHears.clear();
    const ticket = tablet.getByRole("article", { name: new RegExp(order.number) });
    const done = ticket.getByRole("button", { name: /^(Ready|All \d+ ready)/ });
    bumped.push(
      await timed(
        () => pressed(done),
        () => appearance(browser.page, "h3", "1 of 1 ready"),
      ),
    );
    await deskHears.of("orders");
    await orders("POST", `/orders/${order.id}/serve`, {});
  }
  const said = (times) =>
    `median ${median(times).toFixed(0)} ms, all ${times.map((ms) => ms.toFixed(0)).join(" ")}`;
  console.log(`fired at the desk, seen in the kitchen: ${said(fired)}`);
  console.log(`bumped in the kitchen, seen at the desk: ${said(bumped)}`);
});

test("the kitchen works by keys alone: one bumps, twice brings out, r calls back", async () => {
  const order = await takeOrder();
  await orders("POST", `/orders/${order.id}/fire`, {});
  const ticket = tablet.getByRole("article", { name: new RegExp(order.number) });
  await ticket.waitFor();
  const nth = await tablet
    .locator("article")
    .evaluateAll(
      (all, number) => all.findIndex((one) => one.getAttribute("aria-label").includes(number)) + 1,
      order.number,
    );
  if (nth > 9) return; // The demo's kitchen is full: its oldest nine have the keys.
  await tablet.keyboard.press(String(nth));
  await ticket.getByRole("button", { name: "Brought out" }).waitFor();
  // Others were brought before: what is called back is this one, however fast the fingers are.
  await tablet.keyboard.press(String(nth));
  await tablet.keyboard.press("r");
  await ticket.getByRole("button", { name: "Ready", exact: true }).waitFor();
  await orders("POST", `/orders/${order.id}/serve`, {});
});

test("a station is this device's until it says otherwise, and the kitchen fills the screen", async () => {
  await tablet.getByText(/^Bar/).last().click();
  await tablet.waitForURL(/station=00000000-0000-7000-8000-000000000002/);
  await tablet.goto(`${engine.origin}/kitchen`);
  await tablet.locator('input[type=radio][value="00000000-0000-7000-8000-000000000002"]:checked').waitFor({
    state: "attached",
  });
  await tablet.getByText("All", { exact: true }).click();
  await tablet.getByRole("button", { name: "Full screen" }).click();
  await tablet.getByRole("navigation", { name: "Pages" }).waitFor({ state: "hidden" });
  await tablet.getByRole("button", { name: "Leave full screen" }).click();
  await tablet.getByRole("navigation", { name: "Pages" }).waitFor();
});

test("a printer that fails raises an alarm on both screens, and another one takes the ticket", async () => {
  const gone = await printer();
  await gone.close();
  const bar = await printer();
  const [kitchen] = (await orders("GET", "/stations")).items;
  const add = (name, { address }) =>
    orders("POST", "/printers", { name, address, language: "plain", columns: 42, guests: false });
  const { id } = await add("Pass", gone);
  await add("Bar", bar);
  await orders("PUT", `/stations/${kitchen.id}/printer`, { printer_id: id });
  const order = await takeOrder();
  await orders("POST", `/orders/${order.id}/fire`, {});
  const alarm = tablet.getByRole("region", { name: "Not printed" });
  await alarm.getByText(order.number).waitFor();
  await alarm.getByText(/The printer Pass takes nothing/).waitFor();
  await browser.page.getByRole("region", { name: "Not printed" }).getByText(order.number).waitFor();
  await browser.page.getByRole("link", { name: "Not printed: 1" }).waitFor();
  assert.deepEqual(await examine(tablet, "kitchen-alarm"), []);
  assert.deepEqual(await examine(browser.page, "orders-alarm"), []);
  await alarm.getByRole("button", { name: "Send to Bar" }).click();
  assert.match(await bar.slip(), new RegExp(`KITCHEN\r\n${order.number}`));
  await alarm.waitFor({ state: "detached" });
  await bar.close();
});

test("stations and printers are a manager's to set", async () => {
  await browser.page.goto(`${engine.origin}/settings`);
  await desk.click("button", "Add a station");
  await desk.fill("Name", "Oven");
  await browser.page.getByLabel("Categories made here").first().click();
  await browser.page.getByRole("option").first().click();
  assert.deepEqual(await examine(browser.page, "station-form"), []);
  await browser.page.getByRole("heading", { name: "Add a station" }).click();
  await desk.click("button", "Save");
  await desk.sees(/^Made here:/);
  assert.deepEqual(await examine(browser.page, "settings-stations"), []);
  assert.deepEqual(browser.complaints.splice(0), []);
});
