// A person at Chromium: the hands the story uses, axe's eyes and a camera.
import { createRequire } from "node:module";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { ROOT } from "./headless.js";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = path.join(ROOT, "tests/e2e/shots");
const STEP_MS_MAX = 10_000;
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The sizes and schemes every page is looked at in. */
export const LOOKS = [
  { name: "1440x900", width: 1440, height: 900 },
  { name: "1280x800", width: 1280, height: 800 },
  { name: "390x844", width: 390, height: 844 },
].flatMap((size) => ["light", "dark"].map((scheme) => ({ ...size, scheme })));

export async function open() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(STEP_MS_MAX);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return { page, context, complaints, close: () => browser.close() };
}

/** The story's hands. Names are the accessible ones, whole, or a pattern. */
export function hands(page) {
  const named = (role, name) => page.getByRole(role, { name, exact: typeof name === "string" });
  return {
    click: (role, name) => named(role, name).first().click(),
    fill: (label, value) =>
      page
        .getByLabel(label, { exact: typeof label === "string" })
        .first()
        .fill(value),
    pick: async (label, option) => {
      await page.getByLabel(label, { exact: true }).first().click();
      await named("option", option).first().click();
    },
    press: (key) => page.keyboard.press(key),
    sees: (text) => page.getByText(text).first().waitFor(),
    seesControl: (role, name) => named(role, name).first().waitFor(),
    text: async (testId) => (await page.getByTestId(testId).first().innerText()).trim(),
  };
}

/** Serious and critical findings of axe on what is shown now, one line each. */
export async function barriers(page) {
  // Evaluated, not added as a tag: the page's content-security policy stays as it is.
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(" ")).join(", ")})`,
    );
}

/** Pictures of the page in every size and scheme, for a person to look at. */
export async function photograph(page, name, looks = LOOKS) {
  await mkdir(SHOTS, { recursive: true });
  for (const look of looks) {
    await page.setViewportSize(look);
    await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: "reduce" });
    await page.screenshot({ path: path.join(SHOTS, `${name}-${look.name}-${look.scheme}.png`) });
  }
  await page.setViewportSize(LOOKS[0]);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}
