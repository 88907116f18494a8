// The plan of the tables as WebKit draws it: each table's drawing lies over the table and its chairs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../lib/headless.js";
import { hands, open, photograph, until } from "../lib/window.js";
import * as story from "../story.js";

let home;
let window;
before(async () => {
  home = await temporaryFolder("window-floor");
  window = await open(home.folder);
});
after(async () => {
  await window?.close();
  await home?.remove();
});

/** By how many pixels the drawn table top differs from the table at its left, top, width and height. */
const offBy = () =>
  [...document.querySelectorAll("[data-table]")].map((table) => {
    const [button, top] = [table, table.querySelector("svg > :last-child")].map((one) =>
      one.getBoundingClientRect(),
    );
    return Math.max(...["left", "top", "width", "height"].map((side) => Math.abs(button[side] - top[side])));
  });

test("a table is drawn where it stands and as large as it is", async () => {
  const person = hands(window.browser);
  await story.openTheRestaurant(person, undefined, "demo");
  await person.click("link", /^Tables/);
  const off = await until("tables on the plan", async () => {
    const found = await window.browser.execute(offBy);
    return found.length > 0 && found;
  });
  await photograph(window.browser, "floor");
  assert.ok(Math.max(...off) < 3, `off by ${Math.round(Math.max(...off))} px`);
});
