// What is taken is kept while it is taken: over a reload, and over a line so slow that saves overtake each other.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
});
const { chapter } = here;

async function take(typed) {
  await here.person.fill("Find an item", typed);
  await here.person.press("Enter");
}

chapter("a reload in the middle of an order loses nothing", async () => {
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /^New order/);
  await here.person.fill("Table", "3");
  const saved = here.browser.page.waitForResponse((answer) => answer.url().includes("/order-drafts/"));
  await take("2 tag");
  await saved;
  await here.browser.page.reload();
  await here.person.sees("2 items");
  await here.person.click("button", /^Course of Tagliatelle: none/);
  await here.person.seesControl("button", /^Course of Tagliatelle: 1/);
});

chapter("a save that comes late takes nothing away from what was taken after it", async () => {
  let saves = 0;
  const line = "**/order-drafts/*";
  await here.browser.page.route(line, async (route) => {
    if (route.request().method() === "PUT" && saves++ === 0) {
      await new Promise((late) => setTimeout(late, 2_000));
    }
    await route.continue();
  });
  const begun = here.browser.page.waitForRequest((request) => request.url().includes("/order-drafts/"));
  await take("wine");
  await begun;
  await take("3 wine");
  await here.person.click("button", /^Open and fire/);
  await here.person.sees(/Fired \d/);
  await here.person.seesControl("button", /^Pay €44\.00/);
  await here.browser.page.unroute(line);
});

chapter("a line that waits goes with another course, chosen in its menu", async () => {
  await here.person.click("button", /^New order/);
  await take("wine");
  await here.person.click("button", /^Open and hold/);
  await here.person.click("button", "More for House wine");
  await here.person.click("menuitem", "Course");
  await here.person.click("menuitem", "course 2");
  await here.person.seesControl("button", /^Fire course 2/);
});

chapter(
  "without the engine the dialog says so once, keeps its buttons in sight, and forgets it afterwards",
  async () => {
    const { page } = here.browser;
    await page.setViewportSize({ width: 1366, height: 768 });
    await here.person.press("Escape");
    await here.person.click("button", /^New order/);
    await take("wine");
    await page.waitForResponse((answer) => answer.url().includes("/order-drafts/"));
    await here.engine.cut();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/^The engine does not answer\. You see/).waitFor();
    await here.person.click("button", "Open and hold");
    await dialog.getByText(/^The engine does not answer\. The program/).waitFor();
    assert.equal(await dialog.getByRole("status").filter({ hasText: "You see the figures" }).count(), 1);
    const [clear, frame] = await Promise.all(
      [dialog.getByRole("button", { name: "Begin again with nothing" }), dialog].map((one) =>
        one.boundingBox(),
      ),
    );
    assert.ok(clear.y + clear.height <= frame.y + frame.height, "the last button is inside the dialog");
    await here.engine.resume();
    await dialog.getByRole("alert").waitFor({ state: "hidden" });
    here.browser.complaints.splice(0); // What the browser says of an engine that is away.
    await here.person.click("button", "Open and hold");
    await here.person.sees(/Held/);
  },
);
