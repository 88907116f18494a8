// Alerts by mail, through a mail server that is really there: set up on the page, refused with its reason,
// and what arrives is read as mail.
import assert from "node:assert/strict";
import { after } from "node:test";
import { becomes } from "../lib/browser.js";
import { alertAbove } from "../lib/memory.js";
import { postbox } from "../lib/postbox.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const PASSWORD = "correct-horse-battery";
const SENDER = "comanda@luna.example";
const BOSS = "boss@luna.example";
const MANAGER = { name: "Rita Rossi", email: "rita@luna.example", password: "Risotto-giallo-1961" };

const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;
const post = postbox("comanda", PASSWORD);
after(() => post.close());

const dialog = () => here.browser.page.getByRole("dialog");
const target = () => here.browser.page.getByRole("list", { name: "Told outside" }).getByRole("listitem");
const port = () => dialog().getByRole("textbox", { name: "Port" });
const told = (words) => here.browser.page.getByRole("alert").filter({ hasText: words }).last();

/** Changes the mail server on the page; what a field does not get stays as it is. */
async function changeServer(fields, security) {
  await here.person.click("button", "Change the mail server");
  for (const [field, value] of Object.entries(fields)) await here.person.fill(field, value);
  if (security !== undefined) await here.person.choose(security);
  await here.person.click("button", "Save");
  await dialog().waitFor({ state: "detached" });
}

chapter(
  "who wants mail is told that a server is missing, and the usual port follows the encryption",
  async () => {
    await post.open();
    await here.person.click("link", /^Alerts/);
    await here.person.sees(/^No mail server is set/);
    await here.person.click("button", "Tell somebody");
    await here.person.choose("E-mail");
    await here.person.fill("Name", "Boss");
    await here.person.fill("E-mail address", BOSS);
    await here.person.sees(/^No mail server is set\. Alerts/);
    await lookAt("mail-needed");
    await dialog().getByRole("button", { name: "Set up a mail server" }).click();
    await here.person.choose("STARTTLS");
    await becomes(() => port().inputValue(), "587");
    await here.person.choose("TLS");
    await becomes(() => port().inputValue(), "465");
    await port().fill(String(post.port));
    await here.person.choose("None");
    await becomes(() => port().inputValue(), String(post.port));
  },
);

chapter(
  "what would go in the open is refused at its field, and what was typed before is still there",
  async () => {
    await here.person.fill("Server", "mail.luna.example");
    await here.person.fill("User", "comanda");
    await here.person.fill("Sender", "nobody");
    await here.person.click("button", "Save");
    await here.person.sees(/would travel there in the open/);
    here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
    await lookAt("mail-server");
    await here.person.fill("Server", "127.0.0.1");
    await here.person.click("button", "Save");
    await here.person.sees("A user and a password, or neither.");
    await here.person.fill("Password", "wrong");
    await here.person.choose("STARTTLS");
    await here.person.click("button", "Save");
    await here.person.sees("An address, like comanda@example.com.");
    here.browser.complaints.splice(0);
    await here.person.fill("Sender", SENDER);
    await here.person.press("Enter");
    await here.person.sees(`Mail goes through 127.0.0.1 as ${SENDER}`);
    assert.equal(await dialog().getByLabel("E-mail address").inputValue(), BOSS);
    await here.person.click("button", "Add");
    await dialog().waitFor({ state: "detached" });
    await target().filter({ hasText: BOSS }).waitFor();
    await lookAt("mail-told");
  },
);

chapter("a test says why it did not leave: the certificate, then the password", async () => {
  await here.person.click("button", "Test: Boss");
  await told("certificate is not trusted").waitFor();
  await changeServer({}, "None");
  await here.person.click("button", "Test: Boss");
  await told("The mail server refused the user or the password: 535.").waitFor();
  await lookAt("mail-refused");
});

chapter("with the right password a test arrives, as mail of a program", async () => {
  const { page } = here.browser;
  await changeServer({ Password: PASSWORD });
  await here.person.click("button", "Test: Boss");
  await here.person.sees("The test arrived at Boss.");
  const mail = await post.next(/this is a test/);
  assert.deepEqual(
    [mail.envelope.mailFrom.address, mail.envelope.rcptTo.map(({ address }) => address)],
    [SENDER, [BOSS]],
  );
  assert.deepEqual([mail.from.address, mail.to.map(({ address }) => address)], [SENDER, [BOSS]]);
  assert.equal(mail.subject, "Comanda: this is a test");
  assert.match(
    mail.text.trimEnd(),
    /^Comanda: this is a test\. Alerts arrive here\.\n\n\d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
  );
  assert.equal(mail.headers.find(({ key }) => key === "auto-submitted").value, "auto-generated");
  await here.person.click("button", "Change the mail server");
  await here.person.sees(/Left empty, the one it has stays/);
  assert.equal(await dialog().getByLabel("Password", { exact: true }).inputValue(), "");
  await lookAt("mail-change");
  await here.person.fill("Sender", `Luna <${SENDER}>`);
  await here.person.click("button", "Save");
  await dialog().waitFor({ state: "detached" });
  await here.person.click("button", "Test: Boss");
  assert.equal((await post.next(/this is a test/)).from.name, "Luna");
  assert.equal((await page.content()).includes(PASSWORD), false);
});

chapter("an alert that fires arrives", async () => {
  await alertAbove(here.browser.page, 0);
  const mail = await post.next(/memory high/);
  assert.match(mail.subject, /^Comanda: (Warning|Critical): memory high$/);
  assert.match(mail.text, /It is \d+\.\d\d %, the limit is 0\.00 %\./);
  await target().filter({ hasText: "Arrives" }).waitFor();
  await lookAt("mail-arrives");
});

chapter("a mail server that is down is said at the address, and gets it when it is back", async () => {
  await post.close();
  await alertAbove(here.browser.page, 100);
  const failing = target().filter({ hasText: "Does not arrive" });
  await failing.filter({ hasText: "The mail server refused: nothing listens at that port." }).waitFor();
  await failing.filter({ hasText: "1 waits and is tried again." }).waitFor();
  await post.open();
  assert.equal((await post.next(/memory high/)).subject, "Comanda: Over: memory high");
  await target().filter({ hasText: "Arrives" }).waitFor();
});

chapter("a manager sees through which server mail goes, and changes nothing", async () => {
  const { page } = here.browser;
  await here.person.click("link", /^Staff/);
  await here.person.click("button", "Add a person");
  await here.person.fill("Name", MANAGER.name);
  await here.person.fill("E-mail", MANAGER.email);
  await here.person.choose("Manager");
  await here.person.fill("First password", MANAGER.password);
  await here.person.click("button", "Add to the staff");
  await dialog().waitFor({ state: "detached" });
  await change(MANAGER);
  await here.person.sees(/^Mail goes through 127\.0\.0\.1/);
  await target().filter({ hasText: BOSS }).waitFor();
  const panel = page.getByRole("region", { name: "Told outside" });
  assert.equal(await panel.getByRole("button").count(), 0);
  await panel.scrollIntoViewIfNeeded();
  await lookAt("mail-manager");
  await change(story.OWNER);
});

chapter("before the server is removed it says how many are told nothing then", async () => {
  await here.person.click("button", "Remove the mail server");
  await here.person.sees(/^1 address is then told nothing,/);
  await lookAt("mail-remove");
  await here.person.press("Escape");
  await here.person.sees(/^Mail goes through/);
  await here.person.click("button", "Remove the mail server");
  await dialog().getByRole("button", { name: "Remove" }).click();
  await here.person.seesControl("button", "Set up a mail server");
  await target().filter({ hasText: "No mail server" }).waitFor();
  await here.person.click("button", "Test: Boss");
  await told("No mail server is set.").waitFor();
  await lookAt("mail-none");
});

/** Somebody else signs in and looks at the alerts. */
async function change({ email, password }) {
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Sign out");
  await here.person.fill("E-mail", email);
  await here.person.fill("Password", password);
  await here.person.click("button", "Sign in");
  await here.person.click("link", /^Alerts/);
}
