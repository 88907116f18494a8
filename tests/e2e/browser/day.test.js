// The day's short story in Chromium, against the real `comanda serve`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { examine, hands, open, photograph } from "../lib/browser.js";
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

/** What was found wrong on the pages of this chapter; it fails the chapter, not the story. */
let findings = [];

/** Looks at the page: no barrier for anybody, nothing in the console, pictures for a person. */
async function lookAt(name) {
  findings.push(...(await examine(browser.page, name)));
  findings.push(...browser.complaints.splice(0).map((complaint) => `${name}, console: ${complaint}`));
}

/** What comes after a broken chapter is not told; a picture shows where it broke. */
let brokenAt = null;
function chapter(name, tell) {
  test(name, async () => {
    assert.equal(brokenAt, null, "the story broke off earlier");
    findings = [];
    try {
      await tell();
    } catch (error) {
      brokenAt = name;
      await photograph(browser.page, "broken");
      throw error;
    }
    assert.deepEqual(findings, []);
  });
}

chapter("the restaurant is opened", async () => {
  await story.openTheRestaurant(person, lookAt);
  assert.equal(new URL(browser.page.url()).hash, "", "the code has left the address bar");
  await lookAt("today-empty");
});

chapter("the menu is written", () => story.writeTheMenu(person, lookAt));
chapter("the till is opened", () => story.openTheTill(person, lookAt));
chapter("an order is taken and fired", () => story.takeTheOrder(person, lookAt));
chapter("the kitchen cooks", () => story.cook(person, lookAt));
chapter("the guests pay cash", () => story.payCash(person, lookAt));
chapter("the day is closed with a Z report", () => story.closeTheDay(person, lookAt));
