// A second factor: switched on with an authenticator, asked for at the door, a recovery code for the day it is lost.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const STEP_S = 30;
const BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const WRONG = /This code is wrong or was used/;
const here = stage(({ person }) => story.openTheRestaurant(person));
const { chapter, lookAt } = here;

const dialog = () => here.browser.page.getByRole("dialog");
const field = (label) => here.browser.page.getByRole("textbox", { name: label, exact: true });
const hasFocus = (locator) => locator.and(here.browser.page.locator(":focus")).waitFor();

/** What the page showed once: the authenticator's key and the recovery codes. */
let secret = "";
let recovery = [];
let used = "";

/** What an authenticator shows (RFC 6238), so many half minutes from now. */
function shownIn(steps) {
  const bits = [...secret].map((letter) => BASE_32.indexOf(letter).toString(2).padStart(5, "0"));
  const key = bits.join("").match(/.{8}/g);
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_S) + steps));
  const mac = createHmac("sha1", Buffer.from(key.map((byte) => Number.parseInt(byte, 2))))
    .update(step)
    .digest();
  const whole = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(whole % 1_000_000).padStart(6, "0");
}

async function openTheDialog() {
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Second factor");
  await dialog().waitFor();
}

async function leave() {
  await here.person.click("button", /sign out/);
  await here.person.click("menuitem", "Sign out");
  await here.person.sees("Good to see you");
}

/** From another computer. */
async function logInElsewhere(code) {
  const body = JSON.stringify({ email: story.OWNER.email, password: story.OWNER.password, code });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${here.engine.origin}/api/v1/sessions`, { method: "POST", headers, body });
  return answer.status;
}

/** Up to the second step; the browser reports the refusal that asks for it. */
async function withThePassword() {
  await here.person.fill("E-mail", story.OWNER.email);
  await here.person.fill("Password", story.OWNER.password);
  await here.person.press("Enter");
  await here.person.sees("And your code");
  here.browser.complaints.splice(0);
}

async function isRefused() {
  await here.person.sees(WRONG);
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
}

chapter(
  "it is switched on with one's password and a first code, and the codes for a lost phone are kept",
  async () => {
    const { page } = here.browser;
    await openTheDialog();
    await here.person.sees(/Whoever learns your password/);
    await lookAt("second-factor-off");
    await here.person.fill("Your password", "Not-the-password-1");
    await here.person.press("Enter");
    await here.person.sees("This is not your password.");
    here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
    await here.person.fill("Your password", story.OWNER.password);
    await here.person.press("Enter");
    await dialog().getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    await hasFocus(field("The code it shows now"));
    const key = (await dialog().getByLabel("Key for the app").textContent()) ?? "";
    assert.match(key, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    secret = key.replaceAll(" ", "");
    await lookAt("second-factor-scan");
    await here.person.fill("The code it shows now", "12345");
    await here.person.press("Enter");
    await here.person.sees("Write the six digits that the app shows.");
    await here.person.fill("The code it shows now", (used = shownIn(0)));
    await here.person.press("Enter");
    await here.person.sees("Your recovery codes");
    recovery = await dialog()
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allTextContents();
    assert.equal(new Set(recovery).size, 10);
    await lookAt("second-factor-codes");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      here.person.click("button", "Save as a text file"),
    ]);
    const saved = await readFile(await file.path(), "utf8");
    assert.ok(
      saved.startsWith(`Recovery codes of ${story.OWNER.email}`) && saved.includes(recovery.join("\n")),
      saved,
    );
    await here.person.press("Escape");
    await here.person.sees("Your recovery codes");
    await here.person.click("button", "I have kept them");
    await dialog().waitFor({ state: "detached" });
    await hasFocus(page.getByRole("button", { name: /sign out/ }));
  },
);

chapter("the door asks for a code after the password, and a used one opens nothing", async () => {
  await leave();
  await withThePassword();
  await hasFocus(field("Code"));
  await lookAt("login-code");
  await here.person.fill("Code", used);
  await here.person.press("Enter");
  await isRefused();
  await hasFocus(field("Code"));
  assert.equal(await field("Code").inputValue(), "");
  await lookAt("login-code-wrong");
  await here.person.fill("Code", shownIn(1));
  await here.person.press("Enter");
  await here.person.seesControl("link", "Today");
});

chapter("back leads to the password, and a recovery code opens the door once", async () => {
  await leave();
  await withThePassword();
  await here.person.click("button", "Back");
  await here.person.sees("Good to see you");
  assert.equal(await field("E-mail").inputValue(), story.OWNER.email);
  await withThePassword();
  await here.person.click("button", "Use a recovery code instead");
  await lookAt("login-recovery");
  await here.person.fill("Code", recovery[0].toUpperCase().replace("-", " "));
  await here.person.press("Enter");
  await here.person.seesControl("link", "Today");
  await leave();
  await withThePassword();
  await here.person.fill("Code", recovery[0]);
  await here.person.press("Enter");
  await isRefused();
  for (const code of recovery.slice(1, 8)) assert.equal(await logInElsewhere(code), 201);
  await here.person.fill("Code", recovery[8]);
  await here.person.press("Enter");
  await here.person.seesControl("link", "Today");
});

chapter("the last recovery code is warned of, and makes new ones", async () => {
  await openTheDialog();
  await here.person.sees(/^Only 1 recovery code is left/);
  await lookAt("second-factor-few");
  await here.person.click("button", "New recovery codes");
  await here.person.fill("Your password", story.OWNER.password);
  await here.person.fill("Code", recovery[8]);
  await here.person.press("Enter");
  await isRefused();
  await lookAt("second-factor-renew");
  await here.person.fill("Code", recovery[9]);
  await here.person.press("Enter");
  await here.person.sees(/^Those you had before work no more/);
  const list = dialog().getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  recovery = await list.allTextContents();
  await here.person.click("button", "I have kept them");
  await openTheDialog();
  await here.person.sees("10 recovery codes are left.");
  await lookAt("second-factor-on");
});

chapter("it is switched off with both, and the password is enough again", async () => {
  await here.person.click("button", "Switch off");
  await here.person.sees("Switch the second factor off");
  await here.person.sees("From then on your password alone lets you in. The recovery codes stop working.");
  await lookAt("second-factor-end");
  await here.person.fill("Your password", story.OWNER.password);
  await here.person.fill("Code", recovery[0]);
  await here.person.click("button", "Switch off");
  await here.person.sees("The second factor is off.");
  await leave();
  await here.person.fill("E-mail", story.OWNER.email);
  await here.person.fill("Password", story.OWNER.password);
  await here.person.click("button", "Sign in");
  await here.person.seesControl("link", "Today");
});
