// An alert that can be provoked on any machine: of the memory, which is always used to some part.

export const MEMORY = "The memory is nearly used up";

/** Another limit for the memory, in percent: above 0 it fires at once, above 100 it is over. */
export async function alertAbove(page, percent, look = async () => undefined) {
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: `Change: ${MEMORY}` }).click();
  await dialog.getByLabel("Alert above (percent)").fill(String(percent));
  await dialog.getByRole("combobox", { name: "When it has been so for" }).click();
  await page.getByRole("option", { name: "at once" }).click();
  await look();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}
