// Two restaurants of one owner: the second is added from the rail, gets the first one's menu, and both are summed up.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage((it) => story.openTheRestaurant(it.person, undefined, "demo"));
const { chapter, lookAt } = here;

chapter("one restaurant more is added, as the first one counts", async () => {
  const { person } = here;
  await person.click("button", `${story.RESTAURANT}. Add a restaurant`);
  await person.click("menuitem", "Add a restaurant…");
  await person.sees("Add a restaurant");
  await lookAt("chain-add");
  await person.click("button", "Add the restaurant");
  await person.sees("The restaurant needs a name.");
  await person.fill("Name of the restaurant", "Al Porto");
  await person.click("button", "Add the restaurant");
  await person.sees("Your menu is empty");
  await person.seesControl("button", "Al Porto. Change restaurant");
  await lookAt("chain-added");
});

chapter("the first one's menu is looked at and sent to it", async () => {
  const { person } = here;
  await person.click("button", "Al Porto. Change restaurant");
  await person.click("menuitem", story.RESTAURANT);
  await person.click("link", /^Menu/);
  await person.choose("File");
  await person.click("checkbox", "Al Porto");
  await person.sees(/Al Porto · items: \d\d new, 0 changed/);
  await lookAt("chain-send");
  await person.click("button", "Send the menu");
  await person.sees("1 restaurant has this menu now.");
  await person.click("checkbox", "Al Porto");
  await person.sees(/has it so already\.$/);
  await person.click("button", `${story.RESTAURANT}. Change restaurant`);
  await person.click("menuitem", "Al Porto");
  await person.click("link", /^Menu/);
  await person.sees(/^Margherita/);
});

chapter("both are summed up, by currency and restaurant by restaurant", async () => {
  const { person } = here;
  await person.click("link", /^Reports/);
  await person.choose("All restaurants");
  await person.sees("All sales in EUR");
  await person.sees("Together");
  await lookAt("chain-reports");
  const { page } = here.browser;
  const sums = await page.getByRole("row", { name: /^Together/ }).innerText();
  const luna = await page.getByRole("row", { name: new RegExp(`^${story.RESTAURANT}`) }).innerText();
  const figures = (row) => row.split("\t").slice(1, 3);
  assert.deepEqual(figures(sums), figures(luna), "the new one has sold nothing yet");
  assert.notEqual(figures(luna)[0], "0");
  await person.choose("This restaurant");
  await person.sees("Nothing was sold on these days");
});
