// Somebody new learns the till: a device is put into practice, a guest is served there from order to payment, and
// back at work nothing of it is there. And the clock of the computer, when it was moved.
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

const bar = () => browser.page.getByRole("region", { name: "Practice" });
const salesToday = async () => {
  await person.click("link", /^Today/);
  await person.seesControl("heading", "Today");
  return browser.page.locator("main b.num").first().textContent();
};

test("a guest is served in practice and is not in the day's sales", async () => {
  const before = await salesToday();
  await browser.page.keyboard.press("Control+k");
  await browser.page.getByRole("searchbox").or(browser.page.getByLabel("Search")).last().fill("Practise");
  await person.press("Enter");
  await person.seesControl("button", "Begin practice");
  assert.deepEqual(await examine(browser.page, "practice-begin"), []);
  await person.click("button", "Begin practice");
  await bar().getByText("nothing here counts").waitFor();
  await person.click("link", /^Orders/);
  await person.sees("Nothing is open.");
  assert.deepEqual(await examine(browser.page, "practice-orders-empty"), []);
  await person.click("link", /^Till/);
  await person.sees("The till is closed");
  assert.deepEqual(await examine(browser.page, "practice-till"), []);
  await browser.page.reload();
  await bar().getByText("nothing here counts").waitFor();
  await person.click("link", /^Today/);
  await bar().waitFor();
  assert.deepEqual(await examine(browser.page, "practice-today"), []);
  await person.click("button", "Back to work");
  await bar().waitFor({ state: "detached" });
  assert.equal(await salesToday(), before);
});

test("a device whose practice ended stays out of the restaurant until somebody says so", async () => {
  await browser.page.keyboard.press("Control+k");
  await browser.page.getByRole("searchbox").or(browser.page.getByLabel("Search")).last().fill("Practise");
  await person.press("Enter");
  await person.click("button", "Begin practice");
  await bar().getByText("nothing here counts").waitFor();
  // Ended from elsewhere, with the same session.
  await browser.page.evaluate(async () => {
    const { token, restaurantId } = JSON.parse(localStorage.getItem("comanda.session"));
    await fetch(`/api/v1/restaurants/${restaurantId}/practice`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${token}` },
    });
  });
  await bar().getByText("Practice has ended on this device.").waitFor();
  browser.complaints.splice(0); // What it asked meanwhile was refused, which the browser reports.
  assert.deepEqual(await examine(browser.page, "practice-over"), []);
  await person.click("button", "Back to work");
  await bar().waitFor({ state: "detached" });
  browser.complaints.splice(0);
});

test("a clock that was moved is said at the till, and somebody there says that it is right", async () => {
  // Nobody sets the clock of this machine for a test: the engine's answer is what it would be then.
  const now_ms = Date.now();
  const jump = {
    id: "01975f3e-5b66-7a3c-9c1e-3f0d1b2a4c5d",
    at_ms: now_ms,
    by_ms: -3 * 3_600_000,
    at_start: false,
  };
  let jumps = [jump];
  await browser.page.route("**/wall-clock", (route) => route.fulfill({ json: { now_ms, jumps } }));
  await browser.page.route("**/wall-clock/confirm", (route) => {
    jumps = [];
    return route.fulfill({ status: 204 });
  });
  await browser.page.goto(`${engine.origin}/till`);
  await person.sees(/went back by 3 h 00/);
  assert.deepEqual(await examine(browser.page, "till-clock"), []);
  await person.click("button", "The clock is right");
  await person.sees("Noted: the clock is right");
  assert.deepEqual(browser.complaints.splice(0), []);
});
