// The short story of a day, told once for every pair of hands: a restaurant is
// opened, a dish is put on the menu, a table orders, the kitchen cooks, the
// guests pay cash and the day is closed. Names are what a person reads.

export const OWNER = { name: "Marta Luna", email: "marta@luna.example", password: "tagliatelle-al-ragu-1954" };
export const RESTAURANT = "Trattoria Luna";

/** First run, from the first page to the empty restaurant. */
export async function openTheRestaurant(person) {
  await person.sees("What is it called?");
  await person.fill("Name of the restaurant", RESTAURANT);
  await person.click("button", "Continue");
  await person.sees("How do you count?");
  await person.pick("Currency", /^EUR/);
  await person.click("button", "Continue");
  await person.sees("Who are you?");
  await person.fill("Your name", OWNER.name);
  await person.fill("Your e-mail", OWNER.email);
  await person.fill("A password", OWNER.password);
  await person.click("button", "Continue");
  await person.sees("How do you want to begin?");
  await person.click("radio", /^Empty/);
  await person.click("button", `Open ${RESTAURANT}`);
  await person.seesControl("link", "Today");
}

/** One category with a dish for the kitchen and a drink for the bar. */
export async function writeTheMenu(person) {
  await person.click("link", "Menu");
  await person.click("button", "Add the first category");
  await person.fill("Name", "Tonight");
  await person.click("button", "Add");
  await addItem(person, { name: "Tagliatelle", price: "12.50", madeBy: "Kitchen" });
  await addItem(person, { name: "House wine", price: "4.00", madeBy: "Bar" });
  await person.sees("Everything can be ordered.");
}

async function addItem(person, { name, price, madeBy }) {
  await person.click("button", /^Add item/);
  await person.fill("Name", name);
  await person.fill("Price", price);
  await person.click("radio", madeBy);
  await person.click("button", "Add");
  await person.sees(`${name} is on the menu.`);
}
