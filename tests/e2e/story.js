// The short story of a day, told once for every pair of hands: a restaurant is
// opened, a dish is put on the menu, a table orders, the kitchen cooks, the
// guests pay cash and the day is closed. Names are what a person reads.

export const OWNER = {
  name: "Marta Luna",
  email: "marta@luna.example",
  password: "Tagliatelle-al-ragu-1954",
};
export const RESTAURANT = "Trattoria Luna";
/** Where the rail keeps what is opened when something is wrong. */
export const FOLD = "Behind the scenes";
const NOBODY_LOOKS = async () => undefined;

const begins = { empty: /^Empty/, demo: /^With a demo/, import: /^With my past sales/ };
const opens = {
  empty: `Open ${RESTAURANT}`,
  demo: `Open ${RESTAURANT} with a demo`,
  import: `Open ${RESTAURANT} and import`,
};

/** First run, from the first page to the restaurant: an empty one, one with a demo, or one with its past sales. */
export async function openTheRestaurant(person, lookAt = NOBODY_LOOKS, start = "empty") {
  await person.sees("What is it called?");
  await lookAt("first-run-1");
  await person.fill("Name of the restaurant", RESTAURANT);
  await person.click("button", "Continue");
  await person.sees("How do you count?");
  await person.pick("Currency", /^EUR/);
  await person.fill("Usual tax rate", "10");
  await person.sees(/holds €0\.91 of tax/);
  await lookAt("first-run-2");
  await person.click("button", "Continue");
  await person.sees("Who are you?");
  await lookAt("first-run-3");
  await person.fill("Your name", OWNER.name);
  await person.fill("Your e-mail", OWNER.email);
  await person.fill("A password", OWNER.password);
  await person.click("button", "Continue");
  await person.sees("How do you want to begin?");
  await lookAt("first-run-4");
  await person.choose(begins[start]);
  await person.click("button", opens[start]);
  await person.seesControl("link", "Today");
}

/** One category with a dish for the kitchen and a drink for the bar. */
export async function writeTheMenu(person, lookAt = NOBODY_LOOKS) {
  await person.click("link", /^Menu/);
  await person.sees("Your menu is empty");
  await lookAt("menu-empty");
  await person.click("button", "Add the first category");
  await person.fill("Name", "Tonight");
  await person.click("button", "Add");
  await addItem(person, { name: "Tagliatelle", price: "11.00", madeBy: "Kitchen" });
  await addItem(person, { name: "House wine", price: "5.50", madeBy: "Bar" });
  await person.sees(/Everything can be ordered\./);
  await lookAt("menu");
}

async function addItem(person, { name, price, madeBy }) {
  await person.click("button", /^Add item/);
  await person.fill("Name", name);
  await person.fill("Price", price);
  await person.pick("Who makes it", madeBy);
  await person.click("button", "Add");
  await person.sees(`${name} is on the menu.`);
}

/** The drawer, with 100.00 of change in it. */
export async function openTheTill(person, lookAt = NOBODY_LOOKS) {
  await person.click("link", /^Till/);
  await person.sees("The till is closed");
  await lookAt("till-closed");
  await person.click("button", "Open the till");
  await person.fill("Float", "100");
  await lookAt("till-opening");
  await person.click("button", "Open with €100.00");
  await person.sees("The till is open");
  await lookAt("till-open");
}

/** Two dishes and a glass: 2 x 11.00 + 5.50 = 27.50, of which 2.50 is tax. */
export async function takeTheOrder(person, lookAt = NOBODY_LOOKS) {
  await person.click("link", /^Orders/);
  await person.sees("Nothing is open");
  await lookAt("orders-empty");
  await person.click("button", /^New order/);
  await person.fill("Table", "4");
  await person.fill("Covers", "2");
  await person.fill("Find an item", "2 tag");
  await person.press("Enter");
  await person.fill("Find an item", "wine");
  await person.press("Enter");
  await person.sees("3 items");
  await lookAt("order-new");
  await person.click("button", "Open and hold");
  await person.sees(/Held/);
  await person.sees(/Tax 10 ?%, included/);
  await person.sees("€2.50");
  await lookAt("order-held");
  await person.click("button", /^Fire 3 items/);
  await person.sees(/Fired \d/);
  await lookAt("order-fired");
}

/** The kitchen makes one line, then the rest, and brings the ticket out. */
export async function cook(person, lookAt = NOBODY_LOOKS) {
  await person.click("link", /^Kitchen/);
  await person.seesControl("button", "2 Tagliatelle: mark ready");
  await lookAt("kitchen");
  await person.click("button", "2 Tagliatelle: mark ready");
  await person.seesControl("button", "2 Tagliatelle: ready. Call back");
  await person.click("button", "Ready");
  await person.click("button", "Brought out");
  await person.sees("Nothing to make");
}

/** 50.00 handed over for 27.50: 22.50 goes back, and the order is done. */
export async function payCash(person, lookAt = NOBODY_LOOKS) {
  await person.click("link", /^Orders/);
  await person.click("button", /Table 4/);
  await person.click("button", /^Pay €27\.50/);
  await person.sees("To take");
  await person.fill("The guest hands over", "50");
  await person.sees(/^Change to give back\s*€22\.50$/);
  await lookAt("order-paying");
  await person.click("button", "Take €27.50 in cash");
  await person.sees(/^Order \S+ is paid and done\.$/);
  await lookAt("order-paid");
  await person.click("button", "Done");
}

/** 127.50 is counted, which is right to the cent; then the day gets its number. */
export async function closeTheDay(person, lookAt = NOBODY_LOOKS) {
  await person.click("link", /^Till/);
  await person.click("button", "Close the till");
  await person.fill("Counted in the drawer", "127.50");
  await person.click("button", "I counted €127.50");
  await person.sees("Exact");
  await person.sees(/^Should be there\s*€127\.50$/);
  await lookAt("till-counted");
  await person.click("button", "Go on");
  await person.click("button", "Close the day");
  await person.sees(/The Z report will hold 1 order and €27\.50\./);
  await lookAt("till-closing-day");
  await person.click("button", "Close the day");
  await person.sees("Z 1");
  await person.sees(/^Sold\s*€27\.50\s*1 order/);
  await person.sees(/^Without tax\s*€25\.00$/);
  await person.sees(/^Taken in cash\s*€27\.50/);
  await person.sees("The drawer held exactly what it should.");
  await person.sees("No order was open when the day was closed.");
  await lookAt("z-report");
}
