// The day's short story in Chromium, against the real `comanda serve`.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage();
const { chapter, lookAt } = here;

chapter("the restaurant is opened", async () => {
  await story.openTheRestaurant(here.person, lookAt);
  assert.equal(new URL(here.browser.page.url()).hash, "", "the code has left the address bar");
  await lookAt("today-empty");
});

chapter("the menu is written", () => story.writeTheMenu(here.person, lookAt));
chapter("the till is opened", () => story.openTheTill(here.person, lookAt));
chapter("an order is taken and fired", () => story.takeTheOrder(here.person, lookAt));
chapter("the kitchen cooks", () => story.cook(here.person, lookAt));
chapter("the guests pay cash", () => story.payCash(here.person, lookAt));
chapter("the day is closed with a Z report", () => story.closeTheDay(here.person, lookAt));
