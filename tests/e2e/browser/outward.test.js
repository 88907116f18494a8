// A server elsewhere that goes and comes back: the Health page says since when it fails, why, and that it answers again.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after } from "node:test";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

/** So many failures in a row, and a place is left alone. */
const FAILURES = 5;

const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

const region = (name) => here.browser.page.getByRole("region", { name, exact: true });
const places = () => region("Servers elsewhere, one by one");
const chat = () => places().getByRole("row").filter({ hasText: origin });

const outside = createServer((_, response) => response.writeHead(204).end());
after(() => outside.close());
let port = 0;
let origin = "";

/** Listens: first at any port, then at the same one again. */
async function listen() {
  await once(outside.listen(port, "127.0.0.1"), "listening");
  port = outside.address().port;
  origin = `http://127.0.0.1:${port}`;
}

/** Presses the button that sends a test to the chat, and waits until it went or did not. */
async function test() {
  const answered = here.browser.page.waitForResponse((response) => response.url().endsWith("/test"));
  await here.person.click("button", "Test: Team chat");
  await (await answered).finished();
}

/** Goes to the list of places. */
async function lookAtHealth() {
  await here.person.click("link", /^Health/);
  await places().scrollIntoViewIfNeeded();
}

chapter("as long as nobody elsewhere was asked, the page says who would stand there", async () => {
  await lookAtHealth();
  await places().getByText("Nobody elsewhere was asked yet").waitFor();
  await lookAt("outward-none");
});

chapter("a chat that is gone is left alone after five tries, and the page says why", async () => {
  const { page } = here.browser;
  await listen();
  await new Promise((closed) => outside.close(closed));
  await here.person.click("link", /^Alerts/);
  await here.person.click("button", "Tell somebody");
  await here.person.fill("Name", "Team chat");
  await here.person.fill("Address of the webhook", `${origin}/hooks/T01`);
  await here.person.press("Enter");
  await page.getByRole("dialog").getByLabel("The secret").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (let tried = 0; tried < FAILURES; tried += 1) await test();
  await page.getByRole("alert").filter({ hasText: "nothing listens at this port" }).last().waitFor();
  await lookAtHealth();
  // The first rest is so short that it may be over.
  await chat()
    .filter({ hasText: "Alerts to a web address" })
    .getByText(/^Fails(, left alone)?$/)
    .waitFor();
  await chat()
    .getByText(/^asked again (in \d+ s|with the next call)$/)
    .waitFor();
  await chat().getByRole("cell", { name: "not yet" }).waitFor();
  await places()
    .getByText(/^Failed \d+ s ago\. .*nothing listens at this port\. Start the program there/)
    .waitFor();
  await page.getByText("A server elsewhere fails again and again.").waitFor();
  await region("Servers elsewhere").getByText("Look at it").waitFor();
  assert.equal(await page.getByText("hooks/T01").count(), 0);
  await lookAt("outward-fails");
});

chapter("with its first answer it is well again", async () => {
  const { page } = here.browser;
  await listen();
  await here.person.click("link", /^Alerts/);
  await test();
  await here.person.sees("The test arrived at Team chat.");
  await lookAtHealth();
  await chat().getByText("Answers").waitFor();
  await places()
    .getByText(/nothing listens/)
    .waitFor({ state: "detached" });
  await chat()
    .getByRole("cell", { name: String(FAILURES + 1), exact: true })
    .waitFor();
  await page.getByText("A server elsewhere fails again and again.").waitFor({ state: "detached" });
  await region("Servers elsewhere").getByText("Well").waitFor();
  await lookAt("outward-well");
});
