// What the window takes of a desk: the time of its start, its memory, its size. Started by .make/measure.
// A start is from the beginning of the process to the first frame after the board shows an order; WebKit's driver
// drives it, and looks every frame. The data is made before, in a folder of its own, and a person has signed in once.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "./lib/headless.js";
import { hands, open, processesOf } from "./lib/window.js";

const [program, comanda, orders, times] = process.argv.slice(2);
const OWNER = { email: "owner@measure.example", password: "Trattoria-26-measured" };
const REST_MS = 10_000;
const execute = promisify(execFile);
const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const say = (what, value) => console.log(`${what.padEnd(44)} ${value}`);

const home = await temporaryFolder("measure");
const data = path.join(home.folder, "comanda");

async function run(words, input = "") {
  const running = spawn(comanda, [...words, "--data", data], { stdio: ["pipe", "ignore", "inherit"] });
  running.stdin.end(input);
  const [code] = await once(running, "exit");
  if (code !== 0) throw new Error(`${words[0]} ended with ${code}`);
}

/** When a process began, by the clock on the wall; to a hundredth of a second. */
async function beganMs(id) {
  const own = await readFile(`/proc/${id}/stat`, "utf8");
  const ticks = Number(own.slice(own.lastIndexOf(")") + 2).split(" ")[19]);
  const { stdout } = await execute("getconf", ["CLK_TCK"]);
  const uptime = Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
  return Date.now() - (uptime - ticks / Number(stdout)) * 1000;
}

/** The program and everything it started. */
async function family(root) {
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    all.map(async (id) => {
      const text = await readFile(`/proc/${id}/stat`, "utf8").catch(() => "");
      return [Number(id), Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1])];
    }),
  );
  const found = new Set([root]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [id, parent] of parents) if (found.has(parent)) found.add(id);
  }
  return [...found];
}

async function memory(id, what) {
  const text = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1024;
}

/** What the system has read of files is forgotten, so that the start is as after switching on. Root alone may. */
const forget = () =>
  execute("sync")
    .then(() => writeFile("/proc/sys/vm/drop_caches", "3"))
    .then(
      () => true,
      () => false,
    );

const begin = () => open(home.folder, { COMANDA_DATA_DIR: data }, program, ["comanda://orders"]);

/** Ends when a frame after the first order was painted; when that was. */
const painted = (browser) =>
  browser.executeAsync((done) => {
    const look = () => {
      if (document.querySelector("[data-order]") === null) return requestAnimationFrame(look);
      requestAnimationFrame(() => done(Date.now()));
    };
    look();
  });

async function aStart() {
  const window = await begin();
  try {
    await window.browser.setTimeout({ script: 120_000 });
    const at = await painted(window.browser);
    const [id] = await processesOf(program);
    const ms = at - (await beganMs(id));
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const ids = await family(id);
    const all = (await Promise.all(ids.map((one) => memory(one, "Pss")))).reduce((sum, one) => sum + one, 0);
    return { ms, own: await memory(id, "Rss"), all };
  } finally {
    await window.close();
  }
}

try {
  const init = ["init", "--name", "Measured", "--currency", "EUR", "--owner-email", OWNER.email];
  await run([...init, "--password-stdin"], `${OWNER.password}\n`);
  await run(["seed", "--orders", orders]);
  const [file] = (await readdir(path.join(data, "restaurants"))).filter((name) => name.endsWith(".db"));
  say(`${orders} orders are`, mb((await stat(path.join(data, "restaurants", file))).size));

  const first = await begin();
  const person = hands(first.browser);
  await person.fill("E-mail", OWNER.email);
  await person.fill("Password", OWNER.password);
  await person.click("button", "Sign in");
  await person.seesControl("link", /^Orders/);
  await first.close();

  for (const cold of [true, false]) {
    const starts = [];
    while (starts.length < Number(times)) {
      if (cold && !(await forget())) break;
      starts.push(await aStart());
    }
    if (starts.length === 0) {
      say("start, nothing read yet", "needs root");
      continue;
    }
    const all = starts.map(({ ms }) => Math.round(ms));
    const spread = `${Math.min(...all)} to ${Math.max(...all)}`;
    say(
      `start, ${cold ? "nothing" : "everything"} read yet`,
      `${median(all)} ms (${spread}, of ${all.length})`,
    );
    say("memory at rest, all its processes (PSS)", mb(median(starts.map((start) => start.all))));
    say("memory at rest, the program alone (RSS)", mb(median(starts.map((start) => start.own))));
  }
  say("the program", mb((await stat(program)).size));
  const bundles = path.join(path.dirname(program), "bundle");
  const packages = await readdir(bundles, { recursive: true }).catch(() => []);
  for (const name of packages.filter((one) => /\.(deb|rpm)$/.test(one))) {
    say(path.basename(name), mb((await stat(path.join(bundles, name))).size));
    if (!name.endsWith(".deb")) continue;
    const { stdout } = await execute("dpkg-deb", ["-f", path.join(bundles, name), "Installed-Size"]);
    say("installed", mb(Number(stdout) * 1024));
  }
} finally {
  await home.remove();
}
