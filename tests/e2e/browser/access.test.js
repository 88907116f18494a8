// Who is in and who may ask how often: one's own sessions, the limits, somebody who was refused, another quota.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

/** A stranger at the engine's door. */
const ask = (path, options) => fetch(`${here.engine.origin}/api/v1${path}`, options);

chapter("the owner sees where they are signed in and signs a forgotten tablet out", async () => {
  const { page } = here.browser;
  const body = JSON.stringify({ email: story.OWNER.email, password: story.OWNER.password });
  const headers = {
    "content-type": "application/json",
    "user-agent": "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) Version/18.1 Safari/604.1",
  };
  const { token } = await (await ask("/sessions", { method: "POST", headers, body })).json();
  const tablet = async () => (await ask("/me", { headers: { authorization: `Bearer ${token}` } })).status;
  assert.equal(await tablet(), 200);
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Where you are signed in");
  await here.person.sees("This one");
  await lookAt("own-sessions");
  await here.person.click("button", "Sign out Safari on iPad");
  await page.getByText("Safari on iPad").waitFor({ state: "detached" });
  assert.equal(await tablet(), 401);
  await here.person.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

chapter("the limits stand on a page of their own, and nobody was refused yet", async () => {
  await here.person.click("link", /^Health/);
  await here.person.click("link", "Limits");
  await here.person.sees("Nobody was refused");
  await here.person.sees(/^Wrong log-ins/);
  await lookAt("limits");
});

chapter("a sixth wrong password waits, the page says who, and whoever is in notices nothing", async () => {
  const tries = [];
  for (let at = 0; at < 6; at += 1) {
    const body = JSON.stringify({ email: "nobody@example.com", password: `Wrong-${at}00` });
    const headers = { "content-type": "application/json" };
    tries.push((await ask("/sessions", { method: "POST", headers, body })).status);
  }
  assert.deepEqual(tries, [401, 401, 401, 401, 401, 429]);
  await here.person.sees("127.0.0.1");
  await here.person.sees(/once: Wrong log-ins/);
  await lookAt("limits-refused");
});

chapter("the owner chooses another quota, and the usual one again", async () => {
  const { page } = here.browser;
  await here.person.click("button", "Change: Strangers");
  await here.person.fill("Requests", "3");
  await here.person.fill("Within, in seconds", "600");
  await lookAt("limits-change");
  await here.person.click("button", "Save");
  await page.getByRole("cell", { name: /^3 \/ 10 min/ }).waitFor();
  assert.equal((await ask("/me")).headers.get("ratelimit-policy"), '"general";q=3;w=600');
  await here.person.click("button", "Change: Strangers");
  await here.person.click("button", "As usual");
  await page.getByRole("cell", { name: /^100 \/ 15 min$/ }).waitFor();
});

chapter("on a phone a table stands row by row, or scrolls by the keyboard", async () => {
  const { page } = here.browser;
  await page.setViewportSize({ width: 390, height: 844 });
  const counted = page.getByRole("group", { name: "What is counted" });
  await page.waitForFunction(
    (frame) => frame.scrollWidth === frame.clientWidth,
    await counted.elementHandle(),
  );
  assert.equal(await counted.getAttribute("tabindex"), null);
  await here.person.click("link", "Health");
  const kept = page.getByRole("group", { name: "Kept ready, by subject" });
  await kept.focus();
  await here.person.press("ArrowRight");
  await page.waitForFunction((frame) => frame.scrollLeft > 0, await kept.elementHandle());
  await lookAt("tables-narrow");
});
