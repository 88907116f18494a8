// What stands around the window on a desk: its bus, its notifications, its keyboard. All of it real.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { end } from "./headless.js";
import { environmentIn, until } from "./window.js";

const execute = promisify(execFile);

/** What a program of the desktop answers, without the last line's end. */
export async function ask(program, ...words) {
  const { stdout } = await execute(program, words);
  return stdout.trimEnd();
}

/** Whether somebody on the session's bus has this name. */
export async function isOnBus(name) {
  const bus = ["org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"];
  const answer = await ask(
    "gdbus",
    "call",
    "--session",
    "--dest",
    ...bus,
    "--method",
    "org.freedesktop.DBus.NameHasOwner",
    name,
  );
  return answer === "(true,)";
}

/** A program of the desktop that runs beside the tests; `says` are its lines so far. */
export function beside(home, program, words = []) {
  const running = spawn(program, words, { env: environmentIn(home), stdio: ["ignore", "pipe", "inherit"] });
  const says = [];
  createInterface({ input: running.stdout }).on("line", (line) => says.push(line));
  return { says, started: once(running, "spawn"), stop: () => end(running) };
}

/** The desktop's notifications: dunst shows them, and the bus is listened to for what was asked of it. */
export async function notifications(home) {
  const asked = beside(home, "dbus-monitor", [
    "--session",
    "interface='org.freedesktop.Notifications',member='Notify'",
  ]);
  await until("the ear at the bus", () => asked.says.length > 0);
  const dunst = beside(home, "dunst");
  await until("dunst", () => isOnBus("org.freedesktop.Notifications"));
  return {
    /** The titles asked for so far. */
    titles() {
      const calls = asked.says
        .join("\n")
        .split(/^method call /m)
        .slice(1);
      const notices = calls.filter((call) => call.includes("member=Notify"));
      // Program, number, icon, title, text: the title is the third text.
      return notices.map((call) => [...call.matchAll(/^ {3}string "(.*)"$/gm)][2]?.[1]);
    },
    /** A person clicks the newest. */
    click: () => ask("dunstctl", "action", "0"),
    async stop() {
      await dunst.stop();
      await asked.stop();
    },
  };
}
