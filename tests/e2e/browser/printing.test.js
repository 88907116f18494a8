// Paper in Chromium: a printer is added and tested, a receipt comes out and says COPY the second time, a printer that
// fails raises an alarm and another one takes its paper, and all of it can be saved as PDF.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ROOT } from "../lib/headless.js";
import { printer } from "../lib/printer.js";
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
  await story.openTheTill(person);
});
const { chapter, lookAt } = here;

const ESC = "\x1b";
const dialog = () => here.browser.page.getByRole("dialog");
const alarm = () => here.browser.page.getByRole("region", { name: "Not printed" });
let counter;
let bar;

/** The first bytes of what a press saves, and its name. */
async function saved(press) {
  const download = here.browser.page.waitForEvent("download");
  await press();
  const file = await download;
  return {
    name: file.suggestedFilename(),
    begins: (await readFile(await file.path())).subarray(0, 5).toString(),
  };
}

/** What the printer was sent, as a picture for a person. https://netpbm.sourceforge.net/doc/pbm.html */
const keepDots = (name, dots, side) =>
  writeFile(
    path.join(ROOT, `tests/e2e/shots/${name}.pbm`),
    Buffer.concat([Buffer.from(`P4 ${side} ${side}\n`), dots]),
  );

async function toPrinters() {
  await here.person.click("link", /^Settings/);
  await here.person.click("link", "Printers");
  await here.person.seesControl("heading", "Printers");
}

chapter("without a printer the page says what one is for, and a bill can be saved all the same", async () => {
  await toPrinters();
  await here.person.sees("No printer yet");
  await lookAt("printers-empty");
  await story.takeTheOrder(here.person);
  await here.person.press("b");
  await dialog()
    .getByText(/This is not a receipt/)
    .waitFor();
  await dialog().getByText("This computer has no printer yet.").waitFor();
  await lookAt("print-no-printer");
  const { name, begins } = await saved(() => here.person.click("button", "Save as PDF"));
  assert.match(name, /^bill-\d{4}-\d\d-\d\d-A-0001\.pdf$/);
  assert.equal(begins, "%PDF-");
  await here.person.click("link", "Printers in the settings");
  await here.person.sees("No printer yet");
});

chapter("a printer is added, and a test page comes out with the printer's own commands", async () => {
  counter = await printer();
  await here.person.click("button", "Add a printer");
  await here.person.fill("Name", "Counter");
  await here.person.fill("Address", "http://counter");
  await here.person.press("Enter");
  await here.person.sees(/^An address is like 192/);
  here.browser.complaints.splice(0); // The refusal itself, which the browser reports.
  await lookAt("printer-form");
  await here.person.fill("Address", counter.address);
  await here.person.press("Enter");
  await dialog().waitFor({ state: "detached" });
  await here.person.sees("for guests");
  await here.person.click("button", "Print a test page: Counter");
  const page = (await counter.slip()).toString();
  assert.ok(page.startsWith(`${ESC}@`), "set to its beginnings");
  assert.ok(page.includes("\x1dV"), "cut");
  await here.person.sees(/^Printed at Counter, \d\d:\d\d\.$/);
  await lookAt("printers-one");
});

chapter("what stands above and below is seen on paper while it is typed", async () => {
  const paper = here.browser.page.getByRole("figure", { name: "How a receipt looks" });
  await here.person.fill("Above", "Via Roma 1, Torino\nP. IVA 01234567890");
  await here.person.fill("Below", "Grazie!");
  await paper.getByText("P. IVA 01234567890").waitFor();
  await here.person.fill("Below", Array(9).fill("Grazie!").join("\n"));
  await here.person.sees("At most 8 lines.");
  await here.person.fill("Below", "Grazie!");
  await here.person.click("button", "Save changes");
  await here.person.sees("Saved. Every screen shows it from now on.");
  await lookAt("printers-receipt");
});

chapter("a logo is seen above the name, and comes out as dots", async () => {
  const paper = here.browser.page.getByRole("figure", { name: "How a receipt looks" });
  await here.browser.page.getByLabel("Choose a logo").setInputFiles(path.join(ROOT, "icons/icon.png"));
  await paper.getByRole("img", { name: "Logo" }).waitFor();
  await here.person.click("button", "Save changes");
  await here.person.sees("Saved. Every screen shows it from now on.");
  await lookAt("printers-logo");
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /Table 4/);
  await here.person.click("button", "Print the bill");
  await dialog().getByRole("img", { name: "Logo" }).waitFor();
  await lookAt("print-logo");
  await here.person.click("button", "Print");
  const slip = await counter.bytes();
  // 240 dots wide and high, before the name.
  const raster = slip.indexOf(Buffer.from([0x1d, 0x76, 0x30, 0, 30, 0, 240, 0]));
  assert.ok(raster > 0 && raster < slip.indexOf("Via Roma 1"), `${raster}`);
  await keepDots("print-logo", slip.subarray(raster + 8, raster + 8 + 30 * 240), 240);
});

chapter("a receipt comes out with one touch after the payment, and says COPY the second time", async () => {
  await story.cook(here.person);
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /Table 4/);
  await here.person.click("button", "Print the bill");
  await dialog().getByText("P. IVA 01234567890").waitFor();
  await lookAt("print-bill");
  await here.person.press("Escape");
  await here.person.click("button", /^Pay €27\.50/);
  await here.person.click("button", "Take €27.50 in cash");
  await here.person.click("button", "Print receipt");
  const first = await counter.slip();
  assert.ok(first.includes("Grazie!") && first.includes("27.50") && !first.includes("COPY"), first);
  await here.person.sees(/^Printed at Counter/);
  await lookAt("order-paid-printed");
  await here.person.click("button", "Done");
  await here.person.click("button", "Print the receipt");
  await here.person.seesControl("button", "Print COPY 1");
  await dialog().getByText("COPY 1").first().waitFor();
  await lookAt("print-copy");
  await here.person.click("button", "Print COPY 1");
  assert.ok((await counter.slip()).includes("COPY 1"));
  await here.person.sees("Receipt A-0001 goes to Counter.");
});

chapter("a printer that fails raises an alarm, and another one takes its paper", async () => {
  await counter.close();
  await here.person.click("button", "Print the receipt");
  await here.person.click("button", "Print COPY 2");
  await alarm().getByText("Receipt", { exact: false }).first().waitFor();
  await alarm()
    .getByText(/The printer Counter takes nothing/)
    .waitFor();
  bar = await printer();
  await toPrinters();
  await here.person.click("button", "Add a printer");
  await here.person.fill("Name", "Bar");
  await here.person.fill("Address", bar.address);
  await here.person.press("Enter");
  await dialog().waitFor({ state: "detached" });
  await here.person.click("link", "Not printed: 1");
  await lookAt("printing-alarm");
  await alarm().getByRole("button", { name: "Send to Bar" }).click();
  assert.ok((await bar.slip()).includes("COPY 2"));
  await alarm().waitFor({ state: "detached" });
});

chapter("what was printed last is printed again", async () => {
  await toPrinters();
  await here.person.seesControl("button", "Print again: Receipt A-0001");
  await lookAt("printers-two");
  await here.person.click("button", "Print again: Receipt A-0001");
  assert.ok((await bar.slip()).includes("COPY 3"));
  await here.person.sees("Printed, COPY 3");
});

chapter("the X and the Z come out where somebody says, and reports are saved as PDF", async () => {
  await here.person.click("link", /^Till/);
  await here.person.click("button", "Print the X");
  await here.person.sees("X, the till as it stands");
  await lookAt("print-x");
  await here.person.pick("Printer", "Bar");
  await here.person.click("button", "Print");
  assert.ok((await bar.slip()).includes("27.50"));
  await story.closeTheDay(here.person);
  await here.person.click("button", "Print");
  await lookAt("print-z");
  assert.deepEqual(await saved(() => here.person.click("button", "Save as PDF")), {
    name: "z-1.pdf",
    begins: "%PDF-",
  });
  await here.person.pick("Printer", "Bar");
  await here.person.click("button", "Print");
  assert.ok((await bar.slip()).includes("Z REPORT 1"));
  await here.person.click("link", /^Reports/);
  const { begins } = await saved(() => here.person.click("button", /as PDF$/));
  assert.equal(begins, "%PDF-");
});

chapter("a printer is removed, and whoever does it is told what that means", async () => {
  await toPrinters();
  await here.person.click("button", "Remove Counter");
  await here.person.sees(/come out nowhere then/);
  await lookAt("printer-remove");
  await here.person.click("button", "Remove the printer");
  await here.person.sees("Counter is removed.");
  await here.person.sees(/^No printer is for guests/);
  await bar.close();
});
