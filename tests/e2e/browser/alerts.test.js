// An alert that is really provoked: it fires once, shows on every page, somebody sees to it, and it is over.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const MEMORY = "The memory is nearly used up";
const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

const active = () => here.browser.page.getByRole("list", { name: "On now" }).getByRole("listitem");
const dialog = () => here.browser.page.getByRole("dialog");

/** Another limit for the memory, in percent; this machine uses some of it. */
async function alertAbove(percent) {
  const { page } = here.browser;
  await page.getByRole("button", { name: `Change: ${MEMORY}` }).click();
  await dialog().getByLabel("Alert above (percent)").fill(String(percent));
  await dialog().getByRole("combobox", { name: "When it has been so for" }).click();
  await page.getByRole("option", { name: "at once" }).click();
  if (percent === 0) await lookAt("alerts-rule");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().waitFor({ state: "detached" });
}

chapter("the page says what is watched before anything is wrong", async () => {
  await here.person.click("link", /^Alerts/);
  await here.person.sees("Rules");
  await here.person.sees("more than 80%");
  await lookAt("alerts-calm");
});

chapter("a limit that is passed fires once, and every page says so", async () => {
  const { page } = here.browser;
  await alertAbove(0);
  const fired = active().filter({ hasText: MEMORY });
  await fired.waitFor();
  assert.equal(await fired.count(), 1);
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
  await alertAbove(100);
  await active().filter({ hasText: MEMORY }).waitFor({ state: "detached" });
  const kept = page.getByRole("region", { name: "What was" }).getByRole("row").filter({ hasText: MEMORY });
  await kept.waitFor();
  assert.equal(await kept.count(), 1);
  assert.doesNotMatch((await kept.textContent()) ?? "", /nobody/);
  await lookAt("alerts-over");
});
