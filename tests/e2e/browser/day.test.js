// The day's short story in Chromium, against the real `comanda serve`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, barriers, hands, open, photograph } from "../lib/browser.js";
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
});
after(async () => {
  await browser?.close();
  await engine?.stop();
});

/** Looks at the page: no barrier for anybody, nothing in the console, pictures for a person. */
async function lookAt(name) {
  assert.deepEqual(await barriers(browser.page), [], `${name} has barriers`);
  await photograph(browser.page, name);
  assert.deepEqual(browser.complaints.splice(0), [], `${name} complains in the console`);
}

/** A part of the story. What comes after a broken one is not told; the last picture shows where it broke. */
let brokenAt = null;
function chapter(name, tell) {
  test(name, async () => {
    assert.equal(brokenAt, null, "the story broke off earlier");
    try {
      await tell();
    } catch (error) {
      brokenAt = name;
      await photograph(browser.page, "broken", LOOKS.slice(0, 1));
      throw error;
    }
  });
}

chapter("the restaurant is opened", async () => {
  await story.openTheRestaurant(person, lookAt);
  assert.equal(new URL(browser.page.url()).hash, "", "the code has left the address bar");
  await lookAt("today-empty");
});

chapter("the menu is written", async () => {
  await story.writeTheMenu(person);
  await lookAt("menu");
});
