// The real `comanda serve`, on a free port and an empty folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
const START_MS_MAX = 15_000;
const STOP_MS_MAX = 10_000;

/** A program built by cargo; a missing one is said in words, not as ENOENT. */
export async function built(name) {
  const program = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target", "debug", name);
  await access(program).catch(() => {
    throw new Error(`${name} is not built: run \`cargo build --workspace\` first`);
  });
  return program;
}

export async function temporaryFolder(purpose) {
  const folder = await mkdtemp(path.join(tmpdir(), `comanda-${purpose}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Ends a process in order, and says so when it had to be cut off. */
export async function end(process) {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = once(process, "exit");
  process.kill("SIGTERM");
  const late = setTimeout(() => process.kill("SIGKILL"), STOP_MS_MAX);
  const [, signal] = await gone;
  clearTimeout(late);
  if (signal === "SIGKILL") throw new Error("did not end within 10 s of SIGTERM");
}

/** Starts serving; `link` is what the program prints for a person to open. */
export async function serve() {
  const data = await temporaryFolder("browser");
  const said = [];
  let running = await launch(data.folder, "0", said);
  const { link } = running;
  const { origin, port } = new URL(link);
  return {
    link,
    origin,
    folder: data.folder,
    said,
    /** Ends the program alone, to see what the page makes of it. */
    cut: () => end(running.process),
    /** It stands still as on a computer that sleeps; gives what wakes it up. */
    freeze() {
      running.process.kill("SIGSTOP");
      return () => running.process.kill("SIGCONT");
    },
    /** Starts it again where it was. */
    async resume() {
      running = await launch(data.folder, port, said);
    },
    async stop() {
      await end(running.process);
      await data.remove();
    },
  };
}

async function launch(folder, port, said) {
  const arguments_ = ["serve", "--data", folder, "--port", port];
  const process_ = spawn(await built("comanda"), arguments_, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const link = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no link after 15 s:\n${said.join("\n")}`)), START_MS_MAX);
    process_.once("exit", (code) =>
      reject(new Error(`comanda serve ended with ${code}:\n${said.join("\n")}`)),
    );
    for (const stream of [process_.stdout, process_.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const found = /http:\/\/\S+#code=\S+/.exec(line);
        if (found === null) return;
        clearTimeout(late);
        resolve(found[0]);
      });
    }
  });
  return { process: process_, link };
}
