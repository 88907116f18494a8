// The menu as a file, on the command line: out, looked at, in again; a row that cannot be read stops it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { built, temporaryFolder } from "../lib/headless.js";
import * as story from "../story.js";

let data;
let comanda;
before(async () => {
  data = await temporaryFolder("menu-file");
  comanda = await built("comanda");
  const made = ["init", "--name", "Luna", "--currency", "EUR", "--owner-email", story.OWNER.email];
  const { code, said } = await run([...made, "--password-stdin", "--demo", "1"], `${story.OWNER.password}\n`);
  assert.equal(code, 0, said);
});
after(() => data?.remove());

/** Runs the program in that folder; its exit code and what it said. */
async function run(words, input = "") {
  const process_ = spawn(comanda, [...words, "--data", data.folder]);
  let said = "";
  for (const stream of [process_.stdout, process_.stderr]) stream.on("data", (some) => (said += some));
  process_.stdin.end(input);
  const [code] = await once(process_, "close");
  return { code, said };
}

test("the menu goes out, is looked at and comes in; the same file again changes nothing", async () => {
  const file = path.join(data.folder, "menu.csv");
  assert.deepEqual(await run(["menu", "export", "-o", file]), { code: 0, said: "" });
  const menu = await readFile(file, "utf8");
  assert.match(menu, /Margherita/);
  await writeFile(file, menu.replaceAll("Marinara", "Marinara with garlic"));
  const seen = await run(["menu", "import", file, "--preview"]);
  assert.equal(seen.code, 0, seen.said);
  assert.match(seen.said, /items: 1 new, 0 changed/);
  assert.match((await run(["menu", "export"])).said, /Marinara,/, "looking changed nothing");
  const brought = await run(["menu", "import", file]);
  assert.deepEqual([brought.code, /1 items/.test(brought.said)], [0, true], brought.said);
  const again = await run(["menu", "import", file]);
  assert.deepEqual([again.code, /so already/.test(again.said)], [0, true], again.said);
});

test("a row that cannot be read is named and stops the file, unless it is to be left out", async () => {
  const file = path.join(data.folder, "dirty.csv");
  await writeFile(file, "category,name,price\nSoups,Minestrone,7.50\nSoups,Ribollita,seven\n");
  const stopped = await run(["menu", "import", file]);
  assert.equal(stopped.code, 1, stopped.said);
  assert.match(stopped.said, /line 3: .*seven/);
  assert.doesNotMatch((await run(["menu", "export"])).said, /Minestrone/, "all or nothing");
  const brought = await run(["menu", "import", file, "--skip-dirty"]);
  assert.equal(brought.code, 0, brought.said);
  assert.match((await run(["menu", "export"])).said, /Minestrone/);
  assert.equal((await run(["menu", "import", path.join(data.folder, "none.csv")])).code, 1);
  assert.equal((await run(["menu", "bring", file])).code, 2);
});
