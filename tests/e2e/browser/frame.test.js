// The frame around every page: it keeps its height, gives each page its top, and loses no letter and no menu.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { chapter } = here;

const SIZES = [
  { width: 1366, height: 768 },
  { width: 1280, height: 800 },
  { width: 1440, height: 900 },
];

chapter("the document never scrolls, and the person's menu stays at the foot of the rail", async () => {
  const { page } = here.browser;
  for (const name of ["Today", "Orders", "Settings"]) {
    await here.person.click("link", new RegExp(`^${name}`));
    await here.person.seesControl("heading", name);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.equal(height, size.height, `${name} at ${size.width}x${size.height}`);
      const menu = await page.getByRole("button", { name: /sign out/ }).boundingBox();
      assert.ok(menu.y + menu.height <= size.height, `the menu of the person at ${size.height}`);
    }
  }
});

chapter("a page opens at its top", async () => {
  const { page } = here.browser;
  const top = () => page.evaluate(() => document.querySelector("#page").scrollTop);
  await here.person.click("link", /^Settings/);
  await here.person.seesControl("heading", "Settings");
  await page.evaluate(() => document.querySelector("#page").scrollTo(0, 9_999));
  assert.ok((await top()) > 0);
  await here.person.click("link", /^Today/);
  await here.person.seesControl("heading", "Today");
  assert.equal(await top(), 0);
});

chapter("what is typed right after Ctrl K is searched for, and no letter leads away", async () => {
  const { page } = here.browser;
  await page.reload();
  await here.person.seesControl("link", "Today");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("gm repor", { delay: 5 });
  const field = page.getByRole("textbox", { name: "Search", exact: true });
  await field.waitFor();
  await page.waitForFunction((input) => input.value === "gm repor", await field.elementHandle());
  await field.fill("repor");
  await page.keyboard.press("Enter");
  await here.person.seesControl("heading", "Reports");
});

chapter("Escape in an order's menu closes the menu alone", async () => {
  const { page } = here.browser;
  await here.person.click("link", /^Orders/);
  await page.locator("[data-order]").first().click();
  await here.person.click("button", "More for this order");
  await here.person.seesControl("menuitem", /^Undo/);
  await here.person.press("Escape");
  await page.getByRole("menu").waitFor({ state: "hidden" });
  assert.match(page.url(), /order=/);
  await here.person.press("Escape");
  await page.waitForURL((url) => !url.searchParams.has("order"));
});
