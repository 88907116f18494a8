// What is typed between asking for a field and its having the focus: nothing of it is lost, and no letter of it is a key
// of the page behind.

/** A field that has not come by then does not come; the keys are the page's again. */
const WAIT_MS_MAX = 10_000;

let typed: { text: string; until: number; isInDialog: boolean } | null = null;

/** From now on letters are kept, until `takeTyped`. In a dialog that stands already Escape goes on closing it. */
export function keepTyped(isInDialog = false): void {
  typed = { text: "", until: Date.now() + WAIT_MS_MAX, isInDialog };
}

/** The field is here: what was typed meanwhile, with a line's end for Enter. */
export function takeTyped(): string {
  const text = typed?.text ?? "";
  typed = null;
  return text;
}

/** Whether this press was for the field that is still on its way. */
export function keepPress(event: KeyboardEvent): boolean {
  if (typed === null) return false;
  if (Date.now() > typed.until) {
    typed = null;
    return false;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Escape" && typed.isInDialog) return false;
  if (event.key === "Enter") typed.text += "\n";
  else if (event.key === "Backspace") typed.text = typed.text.slice(0, -1);
  else if (event.key.length === 1) typed.text += event.key;
  else if (event.key !== "Escape") return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
