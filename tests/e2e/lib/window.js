// A person at the real window, driven by tauri-driver on the display and the
// session bus that `npm run window` starts the tests in.
import { spawn } from "node:child_process";
import { mkdir, readdir, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { remote } from "webdriverio";
import { isOnBus } from "./desktop.js";
import { ROOT, built, end, temporaryFolder } from "./headless.js";
import { find } from "./find.js";
import { FOLD } from "../story.js";

const SHOTS = path.join(ROOT, "tests/e2e/shots");
const SINGLE_INSTANCE = "app.comanda.desktop.SingleInstance";
const STEP_MS_MAX = 20_000;
const WAIT_MS_MAX = 60_000;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A home of its own: the window must find its folders the way it does on a desk. */
export function environmentIn(folder, more = {}) {
  const { COMANDA_DATA_DIR: _, ...rest } = process.env;
  return {
    ...rest,
    ...more,
    HOME: folder,
    XDG_DATA_HOME: path.join(folder, "data"),
    XDG_CONFIG_HOME: path.join(folder, "config"),
    XDG_CACHE_HOME: path.join(folder, "cache"),
    LANG: "C.UTF-8",
    LANGUAGE: "en",
  };
}

/** Asks until the answer is neither null nor false. */
export async function until(what, isSo) {
  const end = Date.now() + WAIT_MS_MAX;
  for (;;) {
    const answer = await isSo();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${WAIT_MS_MAX / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The processes that run this very file. */
export async function processesOf(program) {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const programs = await Promise.all(
    processes.map(async (id) => [Number(id), await readlink(`/proc/${id}/exe`).catch(() => "")]),
  );
  return programs.filter(([, file]) => file === program).map(([id]) => id);
}

/** A process that may have ended since is asked to end. */
function endInOrder(id) {
  try {
    process.kill(id, "SIGTERM");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Opens the built window, or another copy of it, with `home` for its folders and `more` in its environment. */
export async function open(home, more, copy, args = []) {
  const application = copy ?? (await built("comanda-desktop"));
  const port = await freePort();
  const driver = spawn(
    "tauri-driver",
    [
      "--port",
      `${port}`,
      "--native-port",
      `${await freePort()}`,
      "--native-driver",
      "/usr/bin/WebKitWebDriver",
    ],
    { env: environmentIn(home, more), stdio: "ignore" },
  );
  driver.once("error", (error) => {
    throw new Error(`tauri-driver could not be started: ${error.message}`);
  });
  const status = () => fetch(`http://127.0.0.1:${port}/status`).catch(() => null);
  await until("an answer of tauri-driver", status);
  const browser = await remote({
    hostname: "127.0.0.1",
    port,
    logLevel: "error",
    connectionRetryCount: 0,
    connectionRetryTimeout: WAIT_MS_MAX,
    capabilities: {
      browserName: "wry",
      "tauri:options": { application, args },
      "wdio:enforceWebDriverClassic": true,
    },
  });
  return {
    browser,
    async close() {
      await browser.deleteSession().catch(() => undefined);
      await end(driver);
      // The driver may end without the window it opened, when that has just opened.
      for (const id of await processesOf(application)) endInOrder(id);
      await until("the end of the window", async () => (await processesOf(application)).length === 0);
      // One that is ending has no file any more and may still have its name: the next start would hand over to it.
      await until("the end of the window's name", async () => !(await isOnBus(SINGLE_INSTANCE)));
    },
  };
}

/** Whether the element left the page; the driver says so in its name or in its message. */
const isStale = (error) => /stale element/i.test(`${error.name} ${error.message}`);

/** The same hands as the browser's, see lib/browser.js. */
export function hands(browser) {
  /** A page behind the rail's fold: the fold is opened first. */
  const unfold = () =>
    browser.execute((name) => {
      const folds = [...document.querySelectorAll("nav button[aria-expanded=false]")];
      folds.find((button) => button.textContent === name)?.click();
    }, FOLD);
  // What is looked for appears when the engine has answered: ask again until it is there.
  const found = async (query) => {
    const until = Date.now() + STEP_MS_MAX;
    for (;;) {
      const element = await browser.execute(find, query).catch((error) => {
        // It went from the page between being found and being told of.
        if (!isStale(error)) throw error;
        return null;
      });
      if (element !== null) return await browser.$(element);
      if (query.role === "link") await unfold();
      if (Date.now() > until) {
        const text = await browser.execute(() => document.body.innerText);
        throw new Error(`not found in 20 s: ${JSON.stringify(query)}; the page says:\n${text}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Like a person, who waits until nothing is in the way and what is touched keeps still. */
  const touch = (query, act) =>
    until(`a free way to ${JSON.stringify(query)}`, async () => {
      try {
        await act(await found(query));
        return true;
      } catch (error) {
        if (isStale(error) || /click intercepted/.test(error.message)) return false;
        throw error;
      }
    });
  const click = (query) => touch(query, (element) => element.click());
  const asText = (name) =>
    name instanceof RegExp ? { pattern: name.source, flags: name.flags } : { whole: name };
  return {
    click: (role, name) => click({ role, name: asText(name) }),
    fill: (label, value) =>
      touch({ label: asText(label) }, async (field) => {
        await field.click();
        await browser.keys(["Control", "a"]);
        await field.addValue(value);
      }),
    choose: (name) => click({ role: "radio", name: asText(name) }),
    pick: async (label, option) => {
      await click({ label: asText(label) });
      await click({ role: "option", name: asText(option) });
    },
    press: (key) => browser.keys(key),
    sees: async (text) => void (await found({ text: asText(text) })),
    seesControl: async (role, name) => void (await found({ role, name: asText(name) })),
  };
}

export async function photograph(browser, name) {
  await mkdir(SHOTS, { recursive: true });
  // The picture is of what was painted last, which may be the page before.
  await browser.execute(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  );
  await browser.saveScreenshot(path.join(SHOTS, `window-${name}.png`));
}
