// A new version that is not well, and the way back: the real updater installs the kept package, and the version that
// starts puts the data back. The built program plays the new version and the former one; what a newer version does to
// the data is written here.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, copyFile, mkdir, open as openFile, readFile, readdir, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import path from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { built, temporaryFolder } from "../lib/headless.js";
import { signer } from "../lib/minisign.js";
import { environmentIn, hands, open, photograph, processesOf, until } from "../lib/window.js";

const FORMER = "0.0.9";
const OWN = "0.1.0";
const TARGET = `linux-${{ x64: "x86_64", arm64: "aarch64" }[process.arch]}`;
/** Of an SQLite file: how many migrations are behind it. https://www.sqlite.org/fileformat.html#the_database_header */
const VERSION_AT = 60;
const key = signer();
let home;
let program;
let data;
let update;
let window;

before(async () => {
  home = await temporaryFolder("window-way-back");
});
after(() => home?.remove());

/** Every test has a program, and a restaurant, of its own. */
let number = 0;
beforeEach(async () => {
  number += 1;
  program = path.join(home.folder, `program-${number}`, "comanda-desktop");
  await mkdir(path.dirname(program));
  await copyFile(await built("comanda-desktop"), program);
  await chmod(program, 0o755);
  data = path.join(home.folder, `data-${number}`);
  update = path.join(data, "update");
  const owner = ["--owner-email", "lucia@example.com", "--password-stdin"];
  await comanda(["init", "--name", "Trattoria da Lucia", "--currency", "EUR", ...owner], "Trattoria-26\n");
  await mkdir(update);
});
afterEach(async () => {
  await window?.close();
  window = undefined;
});

async function comanda(words, input = "") {
  const stdio = ["pipe", "ignore", "inherit"];
  const running = spawn(await built("comanda"), words, {
    env: { ...process.env, COMANDA_DATA_DIR: data },
    stdio,
  });
  running.stdin.end(input);
  const [code] = await once(running, "exit");
  assert.equal(code, 0, words.join(" "));
}

const environment = () => ({
  COMANDA_DATA_DIR: data,
  COMANDA_UPDATES: "http://127.0.0.1:9",
  COMANDA_UPDATES_KEY: key.publicKey,
  COMANDA_TRIAL_MS: "1500",
});

const digest = async () =>
  createHash("sha256")
    .update(await readFile(program))
    .digest("hex");

/** The program is the new version, on trial since so many starts. */
async function onTrial(starts) {
  // A full disk was one before.
  const down = ["disk", "memory"];
  const trial = { from: FORMER, to: OWN, known: { installation: 1, restaurant: 1 }, starts, down };
  await writeFile(path.join(update, "trial.json"), JSON.stringify(trial));
}

/** The former package as the updater downloaded it; what it is, to know it again. */
async function keepFormer(signed = (bytes) => bytes) {
  const bytes = Buffer.concat([await readFile(program), Buffer.from("the former version")]);
  const platforms = { [TARGET]: { url: "http://127.0.0.1:9/former", signature: key.sign(bytes, FORMER) } };
  await writeFile(path.join(update, `${FORMER}.manifest`), JSON.stringify({ version: FORMER, platforms }));
  await writeFile(path.join(update, `${FORMER}.package`), signed(bytes));
  return createHash("sha256").update(bytes).digest("hex");
}

async function restaurantFile() {
  const [name] = (await readdir(path.join(data, "restaurants"))).filter((name) => name.endsWith(".db"));
  return path.join(data, "restaurants", name);
}

/** A newer version kept a copy, changed the file, and took orders. */
async function changedByANewer() {
  const file = await restaurantFile();
  const copies = path.join(data, "backups/before-update");
  await mkdir(copies, { recursive: true });
  await copyFile(file, path.join(copies, path.basename(file).replace(".db", "-v1.db")));
  await comanda(["seed", "--orders", "40", "--past-only"]);
  const bytes = await openFile(file, "r+");
  await bytes.write(Buffer.from([0, 0, 0, 2]), 0, 4, VERSION_AT);
  await bytes.close();
}

async function begin() {
  window = await open(home.folder, environment(), program);
  return hands(window.browser);
}

/** The sheet beside the main window, once it shows its page. */
async function besideIt() {
  await until("the sheet", async () => {
    for (const handle of await window.browser.getWindowHandles()) {
      await window.browser.switchToWindow(handle);
      if ((await window.browser.getUrl()).startsWith("failure:")) return true;
    }
    return false;
  });
}

/** Presses what closes the window: nobody is left to answer the driver. */
async function leaveBy(person, name) {
  await person.seesControl("link", name);
  await window.browser.execute((name) => {
    const link = [...document.querySelectorAll("a")].find((link) => link.textContent.trim() === name);
    setTimeout(() => link.click(), 100);
  }, name);
}

/** Another program took the place of this one, and started. */
async function startedAgain(old) {
  const next = await until("the next start", async () =>
    (await processesOf(program)).find((id) => id !== old),
  );
  // It has read what it was told before it is asked to end.
  await until("the end of the trial", async () => !(await readdir(update)).includes("trial.json"));
  process.kill(next, "SIGTERM");
  await window.close();
}

test("a version that ended by itself twice does not open the data, and the former one is one press away", async () => {
  const former = await keepFormer();
  await onTrial(0);
  for (let start = 0; start < 2; start++) {
    const running = spawn(program, [], { env: environmentIn(home.folder, environment()), stdio: "ignore" });
    await until("a start that counts", async () => {
      const trial = JSON.parse(await readFile(path.join(update, "trial.json"), "utf8"));
      return trial.starts === start + 1;
    });
    running.kill("SIGKILL");
    await once(running, "exit");
  }
  const person = await begin();
  await person.sees(`Comanda ${OWN} does not stay open`);
  await person.sees(/Your data stays as it is/);
  await photograph(window.browser, "way-back-unwell");
  const [old] = await processesOf(program);
  await leaveBy(person, `Go back to ${FORMER}`);
  await startedAgain(old);
  assert.equal(await digest(), former);
  await (await begin()).seesControl("button", "Sign in");
});

test("a version whose minute is over and that is not well says what does not work; a package that is not ours stays out", async () => {
  await keepFormer((bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from("N")]));
  await onTrial(0);
  await writeFile(await restaurantFile(), Buffer.alloc(8192, 7));
  const before = await digest();
  const person = await begin();
  await besideIt();
  await person.sees(`Comanda ${OWN} is not well here`);
  await person.sees(/The data cannot be read\./);
  await photograph(window.browser, "way-back-red");
  await person.click("link", `Go back to ${FORMER}`);
  await person.sees(/is not the one that the makers of Comanda signed\. Nothing was changed\./);
  await photograph(window.browser, "way-back-refused");
  assert.equal(await digest(), before);
});

test("a version that is well for its minute stays, and the trial ends", async () => {
  await keepFormer();
  await onTrial(1);
  const person = await begin();
  await person.seesControl("button", "Sign in");
  let left;
  await until("the end of the trial", async () => (left = await readdir(update)).length === 0).catch(
    (error) => {
      throw new Error(`${error.message}: ${left.join()}`);
    },
  );
  assert.equal((await window.browser.getWindowHandles()).length, 1);
});

/** A process that does not catch the signal is ended by it, and not in order. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function hearsSigterm(pid) {
  const [, caught] = /^SigCgt:\s*(\w+)$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"));
  return ((BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGTERM - 1)) & 1n) === 1n;
}

test("ended in order before its minute is over, a start does not count", async () => {
  await onTrial(1);
  const running = spawn(program, [], {
    env: environmentIn(home.folder, { ...environment(), COMANDA_TRIAL_MS: "60000" }),
    stdio: "ignore",
  });
  const starts = async () => JSON.parse(await readFile(path.join(update, "trial.json"), "utf8")).starts;
  await until("a start that counts", async () => (await starts()) === 2);
  await until("an ear for SIGTERM", () => hearsSigterm(running.pid));
  running.kill("SIGTERM");
  await once(running, "exit");
  assert.equal(await starts(), 1);
});

test("the former version puts back the data that a newer one changed, and names the orders that came since", async () => {
  await changedByANewer();
  let person = await begin();
  await person.sees("A newer Comanda was here");
  await person.sees(/Rung up or changed since the update/);
  await person.sees("and 16 more");
  await photograph(window.browser, "way-back-newer");
  const [old] = await processesOf(program);
  await leaveBy(person, "Put the data back");
  await startedAgain(old);
  person = await begin();
  await besideIt();
  await person.sees(`Comanda ${OWN} is back`);
  await person.sees(/What the newer version wrote is set aside/);
  await photograph(window.browser, "way-back-done");
  await leaveBy(person, "Understood");
  await until("the end of the sheet", async () => (await window.browser.getWindowHandles()).length === 1);
  const kept = await readdir(path.join(data, "backups/safety"));
  assert.equal(kept.filter((name) => name.startsWith("went-back-")).length, 1, kept.join());
  await window.close();
  person = await begin();
  await person.seesControl("button", "Sign in");
  assert.equal((await window.browser.getWindowHandles()).length, 1);
});
