// Runs inside the page of the window, so it stands on nothing outside itself:
// finds what a person would call by this role and name, by this label, or by
// this text. WebDriver has no such question of its own.

/** The last visible, enabled element that answers the query, or null: an open dialog stands last. */
export function find(query) {
  const ROLES = {
    button: "button, [role=button], summary",
    link: "a[href], [role=link]",
    tab: "[role=tab]",
    radio: "input[type=radio], [role=radio]",
    checkbox: "input[type=checkbox], [role=checkbox]",
    option: "[role=option]",
    heading: "h1, h2, h3, h4, [role=heading]",
    dialog: "dialog[open], [role=dialog]",
    menuitem: "[role=menuitem]",
    switch: "[role=switch]",
  };
  const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const matches = (text, wanted) =>
    wanted.pattern === undefined
      ? tidy(text) === tidy(wanted.whole)
      : new RegExp(wanted.pattern, wanted.flags).test(tidy(text));
  const isShown = (element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
  const labels = (element) => {
    const by = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const named = by.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const own = [...(element.labels ?? [])].map((label) => label.textContent);
    return [element.getAttribute("aria-label"), named, ...own].map(tidy).filter((text) => text !== "");
  };
  const last = (selector, isWanted) =>
    [...document.querySelectorAll(selector)].findLast((element) => isWanted(element)) ?? null;

  if (query.label !== undefined) {
    // A required field's label ends with an asterisk for the eye alone.
    const isNamed = (element) =>
      labels(element).some((text) => matches(text.replace(/\s*\*$/, ""), query.label));
    return last(
      "input:not([type=radio]):not([type=checkbox]), textarea, select",
      (element) => isShown(element) && !element.disabled && isNamed(element),
    );
  }
  if (query.role !== undefined) {
    const names = (element) => [...labels(element), element.textContent, element.getAttribute("title")];
    const isOffered = (element) =>
      element.disabled !== true && element.getAttribute("aria-disabled") !== "true";
    // A radio or a switch is drawn by its label, itself too small to be seen or clicked.
    const drawn = (element) =>
      ["radio", "switch"].includes(query.role) ? (element.labels?.[0] ?? element) : element;
    const named = last(
      ROLES[query.role],
      (element) =>
        isShown(drawn(element)) &&
        isOffered(element) &&
        names(element).some((text) => matches(text, query.name)),
    );
    return named === null ? null : drawn(named);
  }
  const hasText = (element) => isShown(element) && matches(element.textContent, query.text);
  const deepest = (element) => ![...element.children].some((child) => matches(child.textContent, query.text));
  return last("body *", (element) => hasText(element) && deepest(element));
}
