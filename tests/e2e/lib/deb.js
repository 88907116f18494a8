// Packages as `make release` makes them, and a system of their own to install them into: a folder with a dpkg database
// that knows what this machine has installed, so that what the package needs is looked for as on a desk.
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./headless.js";

const execute = promisify(execFile);
/** What this machine has installed. */
const STATUS = "/var/lib/dpkg/status";

/** Packs the program as this version of Comanda; answers where the package is. */
export async function pack(folder, version, program) {
  const target = path.join(folder, `target-${version}`);
  const binary = path.join(target, "debug/comanda-desktop");
  await mkdir(path.dirname(binary), { recursive: true });
  // The bundler writes into the program what kind of package it is in.
  await copyFile(program, binary);
  const words = ["bundle", "--debug", "--bundles", "deb", "--config", JSON.stringify({ version })];
  const env = { ...process.env, CARGO_TARGET_DIR: target, CI: "true" };
  const [npm, ...tauri] = await bundler();
  await execute(npm, [...tauri, ...words], { cwd: path.join(ROOT, "src-tauri"), env });
  const machine = { x64: "amd64", arm64: "arm64" }[process.arch];
  return path.join(target, "debug/bundle/deb", `Comanda_${version}_${machine}.deb`);
}

/** What `make release` packs with, in words; the version stands in one place. */
async function bundler() {
  const makefile = await readFile(path.join(ROOT, "Makefile"), "utf8");
  return /^TAURI_CLI := (.*)$/m.exec(makefile)[1].split(" ");
}

/** An empty system under `root`. */
export async function system(root) {
  await mkdir(path.join(root, "var/lib/dpkg/info"), { recursive: true });
  await mkdir(path.join(root, "var/lib/dpkg/updates"));
  await copyFile(STATUS, path.join(root, "var/lib/dpkg/status"));
  // Who is not root keeps the files as their own.
  const dpkg = ["--root", root, "--force-not-root", "--log", path.join(root, "dpkg.log")];
  return {
    program: path.join(root, "usr/bin/comanda-desktop"),
    install: (deb) => execute("dpkg", [...dpkg, "-i", deb], { maxBuffer: 1 << 24 }),
    /** What dpkg knows of the package. */
    async version() {
      const words = [
        "--admindir",
        path.join(root, "var/lib/dpkg"),
        "-W",
        "-f",
        "${db:Status-Status} ${Version}",
      ];
      return (await execute("dpkg-query", [...words, "comanda"])).stdout;
    },
    /** Stands for the system's own question for an administrator: the answer is yes, and dpkg works in this system. */
    async agree(folder) {
      const words = dpkg.map((word) => `'${word}'`).join(" ");
      // As pkexec does, with the programs of the system: dpkg looks for its own.
      await answer(folder, `shift\nPATH=/usr/sbin:/usr/bin:/sbin:/bin exec dpkg ${words} "$@"`);
    },
    /** The answer is no, as pkexec says it. */
    refuse: (folder) => answer(folder, "exit 126"),
  };
}

async function answer(folder, does) {
  const file = path.join(folder, "pkexec");
  await writeFile(file, `#!/bin/sh\n${does}\n`);
  await chmod(file, 0o755);
}
