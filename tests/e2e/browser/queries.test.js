// What a file is asked: a recording from the page, a statement with its plan and its index, its end; and a
// manager, who looks and does not record.
import assert from "node:assert/strict";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const MANAGER = { name: "Ana Vidal", email: "ana@luna.example", password: "Pane-e-coperto-1987" };
const here = stage(({ person }) => story.openTheRestaurant(person, undefined, "demo"));
const { chapter, lookAt } = here;

const region = (name) => here.browser.page.getByRole("region", { name, exact: true });
const statement = (sql) => region("Statements").getByRole("button", { name: sql });

/** A busy till: its page asks again and again, with the session of whoever is in. */
async function askForTheTill() {
  const { page } = here.browser;
  const status = await page.evaluate(async () => {
    const { token, restaurantId } = JSON.parse(localStorage.getItem("comanda.session"));
    const headers = { authorization: `Bearer ${token}` };
    let status;
    for (let at = 0; at < 100; at += 1)
      status = (await fetch(`/api/v1/restaurants/${restaurantId}/till`, { headers })).status;
    return status;
  });
  assert.equal(status, 200);
}

chapter("before anything is recorded the page says what a recording does", async () => {
  await here.person.click("link", /^Health/);
  await here.person.click("link", "Queries");
  await here.person.sees("Nothing was recorded");
  await here.person.sees("Records of this restaurant");
  await here.person.sees(/^[\d,]+ pages of 4 kB$/);
  await lookAt("queries-empty");
});

chapter("a recording says that it runs, and another page's statements come by themselves", async () => {
  const { page } = here.browser;
  await page.getByRole("button", { name: "Record for 5 min" }).press("Enter");
  await here.person.seesControl("button", "End");
  await region("Recording")
    .getByText(/^[45] min left\.$/)
    .waitFor();
  await askForTheTill();
  await statement(/FROM till_session s/)
    .first()
    .waitFor();
  await lookAt("queries-recording");
});

chapter("a row opens by the keyboard to its statement, its plan and the index it goes by", async () => {
  const { page } = here.browser;
  const row = statement(/FROM till_session s/).first();
  await row.press("Enter");
  const plan = page.getByRole("list", { name: "How it is run" });
  const steps = (await plan.textContent()) ?? "";
  const index = /USING (?:COVERING )?INDEX (\w+)/.exec(steps)?.[1];
  assert.ok(index, steps);
  assert.match(
    (await page.getByRole("region", { name: "The whole statement" }).textContent()) ?? "",
    /FROM till_session s/,
  );
  await lookAt("queries-plan");
  await row.press("Enter");
  await plan.waitFor({ state: "detached" });
  const indexes = region("Indexes").first();
  await indexes.locator("summary").press("Enter");
  await indexes
    .getByRole("row")
    .filter({ has: page.getByText(index, { exact: true }) })
    .getByText(/^\d+ statements?$/)
    .waitFor();
  await indexes.getByText("not used in this recording").first().waitFor();
  await indexes.scrollIntoViewIfNeeded();
  await lookAt("queries-indexes");
});

chapter("only those that read whole tables, and the address keeps it", async () => {
  const { page } = here.browser;
  const rows = region("Statements").locator("tbody tr");
  const all = await rows.count();
  await here.person.click("checkbox", "Only those that read whole tables");
  await page.waitForURL(/show=scans/);
  await page.waitForFunction(() => document.querySelectorAll("tbody tr th button").length > 0);
  const scans = await rows.count();
  assert.ok(scans > 0 && scans < all, `${scans} of ${all}`);
  assert.equal(await rows.filter({ hasText: "Whole table" }).count(), scans);
  await rows.first().getByRole("button").press("Enter");
  await page
    .getByText(/^reads the whole table, /)
    .first()
    .waitFor();
  await lookAt("queries-scans");
  await page.reload();
  await page.getByRole("checkbox", { name: "Only those that read whole tables", checked: true }).waitFor();
  await here.person.click("checkbox", "Only those that read whole tables");
});

chapter("ended by hand, what was counted stays", async () => {
  await here.person.click("button", "End");
  await here.person.seesControl("button", "Record for 1 min");
  await here.person.sees("Nobody records");
  await statement(/FROM till_session s/)
    .first()
    .waitFor();
  await lookAt("queries-ended");
});

chapter("a manager looks, and records nothing", async () => {
  const { page } = here.browser;
  await here.person.click("link", /^Staff/);
  await here.person.click("button", "Add a person");
  await here.person.fill("Name", MANAGER.name);
  await here.person.fill("E-mail", MANAGER.email);
  await here.person.choose("Manager");
  await here.person.fill("First password", MANAGER.password);
  await here.person.click("button", "Add to the staff");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Sign out");
  await here.person.fill("E-mail", MANAGER.email);
  await here.person.fill("Password", MANAGER.password);
  await here.person.click("button", "Sign in");
  await here.person.click("link", /^Health/);
  await here.person.click("link", "Queries");
  await statement(/FROM till_session s/)
    .first()
    .waitFor();
  assert.equal(await page.getByRole("button", { name: /^Record for/ }).count(), 0);
  await lookAt("queries-manager");
});
