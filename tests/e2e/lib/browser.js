// A person at Chromium: the hands the story uses, axe's eyes and a camera.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { ROOT } from "./headless.js";
import { FOLD } from "../story.js";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = path.join(ROOT, "tests/e2e/shots");
const STEP_MS_MAX = 20_000;
/** After so long what is to be clicked is looked for anew: a dialog may have opened over it. */
const LOOK_MS_MAX = 4_000;
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The sizes and schemes every page is looked at in, from wide and light to narrow and dark. */
const LOOKS = [
  { name: "1440x900", width: 1440, height: 900 },
  { name: "1280x800", width: 1280, height: 800 },
  { name: "390x844", width: 390, height: 844 },
].flatMap((size) => ["light", "dark"].map((scheme) => ({ ...size, scheme })));

/** `more`: of the program; `ignoreHTTPSErrors`: a browser that does not know the house's authority. */
export async function open({ more = [], ignoreHTTPSErrors = false } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...ARGUMENTS, ...more],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    ignoreHTTPSErrors,
  });
  context.setDefaultTimeout(STEP_MS_MAX);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  return { page, context, complaints, close: () => browser.close() };
}

/**
 * The story's hands. Names are the accessible ones: whole, or a pattern. Of several
 * things of one name the last is meant, for an open dialog stands last in the page.
 */
export function hands(page) {
  const last = (locator) => locator.filter({ visible: true }).last();
  const named = (role, name) => page.getByRole(role, { name, exact: typeof name === "string" });
  const field = (label) => last(page.locator("input, textarea").and(page.getByLabel(label, { exact: true })));
  const text = (wanted) => last(page.getByText(wanted, { exact: typeof wanted === "string" }));
  const fold = last(page.getByRole("button", { name: FOLD, expanded: false }));
  /** A page behind the rail's fold: the fold is opened first. */
  const unfold = async (link) => {
    await link.or(fold).first().waitFor();
    if (!(await link.isVisible()) && (await fold.isVisible())) await fold.click();
  };
  const click = async (wanted) => {
    const end = Date.now() + STEP_MS_MAX;
    for (;;) {
      try {
        return await wanted.click({ timeout: LOOK_MS_MAX });
      } catch (error) {
        if (error.name !== "TimeoutError" || Date.now() > end) throw error;
      }
    }
  };
  return {
    click: async (role, name) => {
      const wanted = last(named(role, name));
      if (role === "link") await unfold(wanted);
      await click(wanted);
    },
    fill: (label, value) => field(label).fill(value),
    /** One of a group of radios, clicked where it is drawn: a styled one is its label. */
    choose: async (name) => {
      const radio = named("radio", name).last();
      const drawn = await radio.evaluateHandle((element) => element.labels?.[0] ?? element);
      await drawn.asElement().click();
    },
    pick: async (label, option) => {
      await click(field(label));
      await click(last(named("option", option)));
    },
    press: (key) => page.keyboard.press(key),
    sees: (wanted) => text(wanted).waitFor(),
    seesControl: (role, name) => last(named(role, name)).waitFor(),
  };
}

/** Reads again until it is what is wanted: what was pressed shows a moment later. */
export async function becomes(read, wanted, why) {
  const end = Date.now() + STEP_MS_MAX;
  let is = await read();
  while (is !== wanted && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    is = await read();
  }
  assert.equal(is, wanted, why);
}

/** The page as it looks once every transition has ended. */
async function wear(page, look) {
  await page.setViewportSize(look);
  await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: "reduce" });
  await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const passing = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    // One whose element goes while it waits to begin may never end.
    const patience = new Promise((over) => setTimeout(over, 2_000));
    await Promise.race([Promise.allSettled(passing.map((animation) => animation.finished)), patience]);
  });
}

/** Serious and critical findings of axe on what is shown now, one line each. */
async function barriers(page) {
  // Evaluated, not added as a tag: the page's content-security policy stays as it is.
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id} at ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`),
    );
}

/** What axe still finds when it looks again: a colour on its way to another is no barrier, one that stays is. */
async function lasting(page) {
  const first = await barriers(page);
  if (first.length === 0) return first;
  await page.evaluate(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  );
  await page.waitForTimeout(500);
  return await barriers(page);
}

/**
 * Pictures of the page in every size and scheme, for a person to look at; answers
 * with what axe finds in the widest light one and in the narrowest dark one.
 */
export async function examine(page, name) {
  await mkdir(SHOTS, { recursive: true });
  const findings = [];
  for (const look of LOOKS) {
    await wear(page, look);
    const picture = `${name}-${look.name}-${look.scheme}`;
    await page.screenshot({ path: path.join(SHOTS, `${picture}.png`) });
    if (look !== LOOKS[0] && look !== LOOKS.at(-1)) continue;
    findings.push(...(await lasting(page)).map((barrier) => `${picture}: ${barrier}`));
  }
  await wear(page, LOOKS[0]);
  return findings;
}

/** What is shown now, as it is. */
export async function photograph(page, name) {
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}
