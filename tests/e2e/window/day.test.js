// The day's short story in the real window, and what a restart of it keeps.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../lib/headless.js";
import { hands, open, photograph } from "../lib/window.js";
import * as story from "../story.js";

let home;
let window;
let person;
before(async () => {
  home = await temporaryFolder("window-day");
  window = await open(home.folder);
  person = hands(window.browser);
});
after(async () => {
  await window?.close();
  await home?.remove();
});

const lookAt = (name) => photograph(window.browser, name);

/** What comes after a broken chapter is not told; a picture shows where it broke. */
let brokenAt = null;
function chapter(name, tell) {
  test(name, async () => {
    assert.equal(brokenAt, null, "the story broke off earlier");
    try {
      await tell();
    } catch (error) {
      brokenAt = name;
      // There may be no window left to look at.
      await lookAt("broken").catch(() => undefined);
      throw error;
    }
  });
}

chapter("the restaurant is opened", () => story.openTheRestaurant(person, lookAt));
chapter("the menu is written", () => story.writeTheMenu(person, lookAt));
chapter("the till is opened", () => story.openTheTill(person, lookAt));
chapter("an order is taken and fired", () => story.takeTheOrder(person, lookAt));
chapter("the kitchen cooks", () => story.cook(person, lookAt));
chapter("the guests pay cash", () => story.payCash(person, lookAt));
chapter("the day is closed with a Z report", () => story.closeTheDay(person, lookAt));

chapter("a restarted window still has the restaurant, the session and the report", async () => {
  await window.close();
  const data = path.join(home.folder, "data", "comanda");
  assert.ok((await readdir(data)).includes("restaurants"), "the data is where the system keeps data");
  window = await open(home.folder);
  person = hands(window.browser);
  await person.click("link", /^Till/);
  await person.sees("Z 1");
  await lookAt("restarted");
});
