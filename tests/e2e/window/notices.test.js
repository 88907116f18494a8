// An alert reaches the desktop once, and clicking it opens the page it is about.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { notifications } from "../lib/desktop.js";
import { temporaryFolder } from "../lib/headless.js";
import { MEMORY } from "../lib/memory.js";
import { hands, open, photograph, until } from "../lib/window.js";
import * as story from "../story.js";

let home;
let notices;
let window;
let person;
before(async () => {
  home = await temporaryFolder("window-notices");
  notices = await notifications(home.folder);
  window = await open(home.folder);
  person = hands(window.browser);
  await story.openTheRestaurant(person);
});
after(async () => {
  await window?.close();
  await notices?.stop();
  await home?.remove();
});

/** Of the memory, which is always used to some part: above so many percent, at once. */
async function alertAbove(percent) {
  await person.click("link", "Alerts");
  await person.click("button", `Change: ${MEMORY}`);
  await person.fill("Alert above (percent)", `${percent}`);
  await person.pick("When it has been so for", "at once");
  await person.click("button", "Save");
  await person.sees(`${MEMORY}: saved`);
}

test("an alert that fires is told once, and clicking it opens the page of alerts", async () => {
  await alertAbove(1);
  await until("the notice", () => notices.titles().includes(MEMORY));
  // Looked at again, as it is every fifteen seconds: it still is the same alert.
  await alertAbove(2);
  await person.click("link", /^Today/);
  await person.seesControl("heading", "Today");
  await notices.click();
  await person.seesControl("heading", "Alerts");
  await photograph(window.browser, "alerts-from-notice");
  assert.deepEqual(notices.titles(), [MEMORY]);
});
