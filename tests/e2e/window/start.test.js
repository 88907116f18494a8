// How the window starts, refuses to start, and ends: the real program, no page in between.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { ask } from "../lib/desktop.js";
import { built, serve, temporaryFolder } from "../lib/headless.js";
import { environmentIn, hands, open, photograph, processesOf, until } from "../lib/window.js";

let home;
let program;
before(async () => {
  program = await built("comanda-desktop");
  home = await temporaryFolder("window-start");
});
after(() => home.remove());

/** Starts the program as a desktop would; `ended` says how it went. */
function start(environment) {
  const window = spawn(program, [], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  const said = text(window.stderr);
  const ended = once(window, "exit").then(async ([code, signal]) => ({ code, signal, said: await said }));
  return { window, ended };
}

for (const [name, display] of Object.entries({
  "without a display": "",
  "with a display that does not answer": ":987",
})) {
  test(`${name} it says in one sentence what to do and ends with 1`, async () => {
    const { ended } = start(environmentIn(home.folder, { DISPLAY: display, WAYLAND_DISPLAY: "" }));
    const { code, said } = await ended;
    assert.equal(code, 1);
    assert.match(said, /^Comanda found no display .* run `comanda serve` .*\.\n$/);
  });
}

test("a folder it cannot use is explained in the window", async () => {
  const blocked = path.join(home.folder, "a-file");
  await writeFile(blocked, "");
  const window = await open(home.folder, { COMANDA_DATA_DIR: path.join(blocked, "data") });
  try {
    const person = hands(window.browser);
    await person.sees("Comanda could not start");
    await person.sees(/a-file/);
    await photograph(window.browser, "could-not-start");
  } finally {
    await window.close();
  }
});

test("data that another Comanda has open is explained in the window", async () => {
  const engine = await serve();
  const window = await open(home.folder, { COMANDA_DATA_DIR: engine.folder });
  try {
    const person = hands(window.browser);
    await person.sees("Comanda could not start");
    await person.sees(/is in use: another Comanda is running on it/);
  } finally {
    await window.close();
    await engine.stop();
  }
});

for (const [name, options, says] of [
  ["a disk that may only be read", "ro", /Read-only file system/],
  ["a disk that is full", "size=64k", /full|No space left/],
]) {
  test(`${name} is explained in the window`, async (t) => {
    const disk = path.join(home.folder, options);
    await mkdir(disk);
    // A disk of its own is made by an administrator alone.
    const mounted = await ask("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk).catch(() => null);
    if (mounted === null) return t.skip("needs the right to mount");
    const window = await open(home.folder, { COMANDA_DATA_DIR: path.join(disk, "data") });
    try {
      const person = hands(window.browser);
      await person.sees("Comanda could not start");
      await person.sees(says);
      await photograph(window.browser, `could-not-start-${options}`);
    } finally {
      await window.close();
      await ask("umount", disk);
    }
  });
}

test("a window that breaks down says so and where the log is", async () => {
  const data = path.join(home.folder, "breaks");
  const { ended } = start(environmentIn(home.folder, { COMANDA_DATA_DIR: data, COMANDA_BREAK_DOWN: "1" }));
  const dialog = await until("the dialog", () =>
    ask("xdotool", "search", "--onlyvisible", "--name", "^Comanda broke down$").catch(() => ""),
  );
  // Its words are drawn, not told: what it was started with has the place.
  const [process_] = await processesOf(program);
  const words = await readFile(`/proc/${process_}/cmdline`, "utf8");
  assert.ok(words.includes(path.join(data, "logs")), words);
  await ask("xdotool", "windowfocus", "--sync", dialog, "key", "Return");
  const { code } = await ended;
  assert.notEqual(code, 0);
  await until("the end of the dialog", async () => (await processesOf(program)).length === 0);
});

test("a second start hands over to the first and ends; SIGTERM ends the first in order", async () => {
  const data = path.join(home.folder, "second-start");
  const environment = environmentIn(home.folder, { COMANDA_DATA_DIR: data });
  const first = start(environment);
  // The engine makes its folder only after the check for another instance.
  await exists(data);
  const second = await start(environment).ended;
  assert.deepEqual({ code: second.code, signal: second.signal }, { code: 0, signal: null }, second.said);
  first.window.kill("SIGTERM");
  const { code, signal } = await first.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
});

async function exists(folder) {
  const until = Date.now() + 15_000;
  while (!existsSync(folder)) {
    if (Date.now() > until) throw new Error(`${folder} is not there after 15 s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
