// How the window starts, refuses to start, and ends: the real program, no page in between.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { built, temporaryFolder } from "../lib/headless.js";
import { environmentIn, hands, open, photograph } from "../lib/window.js";

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
