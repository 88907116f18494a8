// Somebody new learns the till: a device is put into practice, a guest is served there from order to payment, and
// back at work nothing of it is there. And the clock of the computer, when it was moved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { examine } from "../lib/browser.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { looksRight } = here;

const bar = () => here.browser.page.getByRole("region", { name: "Practice" });
const salesToday = async () => {
  await here.person.click("link", /^Today/);
  await here.person.seesControl("heading", "Today");
  return here.browser.page.locator("main b.num").first().textContent();
};

async function findPractice() {
  await here.browser.page.keyboard.press("Control+k");
  await here.browser.page
    .getByRole("searchbox")
    .or(here.browser.page.getByLabel("Search"))
    .last()
    .fill("Practise");
  await here.person.press("Enter");
}

test("a guest is served in practice and is not in the day's sales", async () => {
  const before = await salesToday();
  await findPractice();
  await here.person.seesControl("button", "Begin practice");
  await looksRight("practice-begin");
  await here.person.click("button", "Begin practice");
  await bar().getByText("nothing here counts").waitFor();
  await here.person.click("link", /^Orders/);
  await here.person.sees("Nothing is open.");
  await looksRight("practice-orders-empty");
  await here.person.click("link", /^Till/);
  await here.person.sees("The till is closed");
  await looksRight("practice-till");
  await here.browser.page.reload();
  await bar().getByText("nothing here counts").waitFor();
  await here.person.click("link", /^Today/);
  await bar().waitFor();
  await looksRight("practice-today");
  await here.person.click("button", "Back to work");
  await bar().waitFor({ state: "detached" });
  assert.equal(await salesToday(), before);
});

test("a device whose practice ended stays out of the restaurant until somebody says so", async () => {
  await findPractice();
  await here.person.click("button", "Begin practice");
  await bar().getByText("nothing here counts").waitFor();
  // Ended from elsewhere, with the same session.
  await here.browser.page.evaluate(async () => {
    const { token, restaurantId } = JSON.parse(localStorage.getItem("comanda.session"));
    await fetch(`/api/v1/restaurants/${restaurantId}/practice`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${token}` },
    });
  });
  await bar().getByText("Practice has ended on this device.").waitFor();
  here.browser.complaints.splice(0); // What it asked meanwhile was refused, which the browser reports.
  assert.deepEqual(await examine(here.browser.page, "practice-over"), []);
  await here.person.click("button", "Back to work");
  await bar().waitFor({ state: "detached" });
  here.browser.complaints.splice(0);
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
  await here.browser.page.route("**/wall-clock", (route) => route.fulfill({ json: { now_ms, jumps } }));
  await here.browser.page.route("**/wall-clock/confirm", (route) => {
    jumps = [];
    return route.fulfill({ status: 204 });
  });
  await here.browser.page.goto(`${here.engine.origin}/till`);
  await here.person.sees(/went back by 3 h 00/);
  await looksRight("till-clock");
  await here.person.click("button", "The clock is right");
  await here.person.sees("Noted: the clock is right");
  assert.deepEqual(here.browser.complaints.splice(0), []);
});
