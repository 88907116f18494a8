// An alert that is really provoked: it fires once, shows on every page, is told outside,
// somebody sees to it, and it is over.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { alertAbove, MEMORY } from "../lib/memory.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

const active = () => here.browser.page.getByRole("list", { name: "On now" }).getByRole("listitem");
const dialog = () => here.browser.page.getByRole("dialog");

/** Somebody who is told outside: what came, each with its headers and its body as it was sent. */
const told = [];
const outside = createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    told.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    response.writeHead(204).end();
  });
});
outside.unref();

/** The next one that is told, once its signature is right (https://www.standardwebhooks.com). */
async function nextTold(secret) {
  const until = Date.now() + 20_000;
  while (told.length === 0) {
    assert.ok(Date.now() < until, "nothing was told");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { headers, body } = told.shift();
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  assert.equal(headers["webhook-signature"], expected);
  return JSON.parse(body);
}

chapter("the page says what is watched before anything is wrong", async () => {
  await here.person.click("link", /^Alerts/);
  await here.person.sees("Rules");
  await here.person.sees("more than 80%");
  await lookAt("alerts-calm");
});

let secret = "";

chapter("a chat outside is added, its secret shown once, and a test arrives there", async () => {
  const { page } = here.browser;
  await new Promise((resolve) => outside.listen(0, "127.0.0.1", resolve));
  await here.person.click("button", "Tell somebody");
  await here.person.fill("Name", "Team chat");
  await here.person.fill("Address of the webhook", "http://chat.example/hook");
  await here.person.press("Enter");
  await here.person.sees(/Use an https address/);
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("alerts-tell");
  await here.person.fill("Address of the webhook", `http://127.0.0.1:${outside.address().port}/hooks/T01`);
  await here.person.press("Enter");
  secret = (await dialog().getByLabel("The secret").textContent()) ?? "";
  assert.match(secret, /^whsec_.{44}$/);
  await lookAt("alerts-secret");
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await dialog().waitFor({ state: "detached" });
  await here.person.click("button", "Test: Team chat");
  await here.person.sees("The test arrived at Team chat.");
  assert.equal((await nextTold(secret)).type, "test");
  assert.equal(await page.getByText("hooks/T01").count(), 0);
  await lookAt("alerts-told");
});

chapter("a limit that is passed fires once, and every page says so", async () => {
  const { page } = here.browser;
  await alertAbove(page, 0, () => lookAt("alerts-rule"));
  const fired = active().filter({ hasText: MEMORY });
  await fired.waitFor();
  assert.equal(await fired.count(), 1);
  assert.equal((await nextTold(secret)).alert.rule, "memory_high");
  await here.person.sees("Arrives");
  await lookAt("alerts-on");
  await here.person.click("link", /^Menu/);
  await page.getByRole("link", { name: /alerts? (is|are) on/ }).click();
  await fired.waitFor();
});

chapter("somebody sees to it, by the keyboard", async () => {
  const { page } = here.browser;
  await page.getByRole("button", { name: `I see to it: ${MEMORY}` }).press("Enter");
  await active()
    .filter({ hasText: /sees to it, since/ })
    .waitFor();
  await lookAt("alerts-seen");
});

chapter("when it is well again it is over, and kept with who saw it", async () => {
  const { page } = here.browser;
  await alertAbove(page, 100);
  await active().filter({ hasText: MEMORY }).waitFor({ state: "detached" });
  assert.equal((await nextTold(secret)).type, "alert.ended");
  const kept = page.getByRole("region", { name: "What was" }).getByRole("row").filter({ hasText: MEMORY });
  await kept.waitFor();
  assert.equal(await kept.count(), 1);
  assert.doesNotMatch((await kept.textContent()) ?? "", /nobody/);
  await lookAt("alerts-over");
});
