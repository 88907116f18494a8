// A Friday night in Chromium: two parties, a takeaway, a bill in shares, a discount, a plate on the house, a void,
// a table moved, a refund, cash in and out of the drawer; then the count and the Z report, right to the cent.
import { stage } from "../lib/stage.js";
import * as story from "../story.js";

const here = stage(async ({ person }) => {
  await story.openTheRestaurant(person);
  await story.writeTheMenu(person);
  await story.openTheTill(person);
});

const { chapter } = here;
const lookAt = (name) => here.lookAt(`friday-${name}`);

/** Takes an order from the board and fires it; `what` is typed as a waiter types it. */
async function take({ table, takeaway, covers }, what) {
  await here.person.click("link", /^Orders/);
  await here.person.click("button", /^New order/);
  if (takeaway !== undefined) {
    await here.person.choose("Takeaway");
    await here.person.fill("Name", takeaway);
  } else {
    await here.person.fill("Table", table);
    await here.person.fill("Covers", String(covers));
  }
  for (const typed of what) {
    await here.person.fill("Find an item", typed);
    await here.person.press("Enter");
  }
  await here.person.click("button", /^Open and fire/);
  await here.person.sees(/Fired \d/);
}

async function more(action) {
  await here.person.click("button", "More for this order");
  await here.person.click("menuitem", action);
}

chapter(
  "table 4 eats for 38.50 and shares the bill in two: one in cash, one by card with a tip",
  async () => {
    await take({ table: "4", covers: 2 }, ["3 tag", "wine"]);
    await more("Split the bill");
    await lookAt("split");
    await here.person.click("button", "Divide by 2");
    await here.person.sees("An equal share; it has no lines of its own.");
    await here.person.press("Escape");
    await here.person.click("button", /^Pay/);
    await lookAt("pay-share");
    await here.person.click("button", "Take €19.25 in cash");
    await here.person.sees("€19.25 is still to pay.");
    await here.person.click("button", "Next payment");
    await here.person.choose("Card");
    await here.person.fill("Tip (optional)", "2.00");
    await here.person.click("button", "Record €21.25 by card");
    await here.person.sees(/The bill is paid\. 4 items are still to be served\./);
    await here.person.click("button", "Done");
  },
);

/** Everything that was fired is made and brought out. */
async function cookAndBring() {
  await here.person.click("link", /^Kitchen/);
  await here.person.click("button", /^(All \d+ ready|Ready)$/);
  await here.person.click("button", "Brought out");
  await here.person.sees("Nothing to make");
}

chapter("the kitchen brings everything out, and the order is done by itself", async () => {
  await cookAndBring();
  await here.person.click("link", /^Orders/);
  await here.person.sees("Nothing is open");
});

chapter(
  "table 7 gets its wine on the house and ten per cent off, moves to table 9, and pays 19.80 by card",
  async () => {
    await take({ table: "7", covers: 4 }, ["2 tag", "2 wine"]);
    await here.person.click("button", "More for House wine");
    await here.person.click("menuitem", "Give free");
    await here.person.fill("Reason", "On the house");
    await here.person.click("button", "Give it free");
    await here.person.sees(/free, worth €11\.00: On the house/);
    await more("Discount");
    await here.person.fill("How much, in percent", "10");
    await here.person.fill("Reason", "Waited too long");
    await lookAt("discount");
    await here.person.click("button", "Take it off");
    await here.person.sees(/10 ?% off: Waited too long/);
    await more("Move to another table");
    await here.person.fill("Table", "9");
    await here.person.click("button", "Move");
    await here.person.seesControl("button", /Table 9/);
    await lookAt("reduced");
    await here.person.click("button", /^Pay €19\.80/);
    await here.person.choose("Card");
    await here.person.click("button", "Record €19.80 by card");
    await here.person.click("button", "Done");
    await cookAndBring();
  },
);

chapter("a takeaway loses its wine, is paid with a voucher, and comes back the same night", async () => {
  await take({ takeaway: "Ana" }, ["tag", "wine"]);
  await here.person.click("button", "More for House wine");
  await here.person.click("menuitem", "Void");
  await here.person.fill("Reason", "Entered by mistake");
  await here.person.click("button", "Void the line");
  await here.person.sees("void: Entered by mistake");
  await here.person.click("button", /^Pay €11\.00/);
  await here.person.choose("Voucher");
  await here.person.fill("Code of the voucher", "GIFT-7");
  await here.person.click("button", "Record €11.00 by voucher");
  await here.person.click("button", "Done");
  await cookAndBring();
  await here.person.click("link", /^Orders/);
  await here.person.choose("Table");
  await here.person.click("row", /A-0003/);
  await more("Give money back");
  await here.person.click("checkbox", "Tagliatelle");
  await here.person.choose("Cash");
  await here.person.fill(/^Reason/, "Cold when it arrived");
  await lookAt("refund");
  await here.person.click("button", "Give back €11.00");
  await here.person.sees(/Given back: Cold when it arrived/);
});

chapter(
  "cash leaves the drawer, the count is five cents short, and the Z report holds the whole night",
  async () => {
    await here.person.click("link", /^Till/);
    await move("Pay out", "20", "Ice", "Pay out €20.00");
    await move("To the safe", "50", "Evening drop", "€50.00 to the safe");
    await here.person.click("button", "Close the till");
    await here.person.fill("Counted in the drawer", "38.20");
    await here.person.click("button", "I counted €38.20");
    await here.person.sees(/^Paid in and out, and to the safe\s*-€70\.00$/);
    await here.person.sees(/^Should be there\s*€38\.25$/);
    await lookAt("counted");
    await here.person.click("button", "Go on");
    await here.person.click("button", "Close the day");
    await here.person.sees(/The Z report will hold 3 orders and €69\.30\./);
    await here.person.click("button", "Close the day");
    await here.person.sees("Z 1");
    await here.person.sees(/^Sold\s*€69\.30\s*3 orders/);
    await here.person.sees("The drawer held €0.05 less than it should.");
    await lookAt("z-report");
  },
);

async function move(what, amount, reason, button) {
  await here.person.click("button", /^Move cash/);
  await here.person.choose(what);
  await here.person.fill("Amount", amount);
  await here.person.fill(/^Reason/, reason);
  await here.person.click("button", button);
}
