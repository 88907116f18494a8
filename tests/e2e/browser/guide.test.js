// The guide in the app: opened from the foot of the rail, looked through by a word, reached by its address.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage((it) => story.openTheRestaurant(it.person));
const { chapter, lookAt } = here;

chapter("it opens from the person's menu and says how a day goes", async () => {
  const { person, browser } = here;
  await person.click("button", /sign out/);
  await person.click("menuitem", "Guide");
  await browser.page.getByRole("heading", { name: "Guide", level: 1 }).waitFor();
  await lookAt("guide");
});

chapter("a word finds the chapter that says it", async () => {
  const { person, browser } = here;
  await person.fill("Find in the guide", "unplugged");
  await person.click("link", "The computer died");
  await browser.page.getByRole("heading", { name: "The computer died", level: 2 }).waitFor();
  await person.fill("Find in the guide", "zzzz");
  await person.sees("Nothing in the guide says “zzzz”.");
  await lookAt("guide-nothing");
});

chapter("a chapter has an address of its own, and everything is there in Spanish", async () => {
  const { browser } = here;
  const address = new URL("/guide?chapter=disk", browser.page.url()).href;
  await browser.page.goto(address);
  const heading = browser.page.getByRole("article").getByRole("heading", { level: 2 });
  await heading.waitFor();
  const english = await heading.innerText();
  await lookAt("guide-disk");
  await browser.page.evaluate(() => localStorage.setItem("comanda.language", "es"));
  await browser.page.reload();
  await browser.page.getByRole("heading", { name: "Guía", level: 1 }).waitFor();
  assert.notEqual(await heading.innerText(), english);
  await lookAt("guide-spanish");
});
