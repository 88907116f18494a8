// Where somebody who was just let in begins, if not where their work begins; forgotten once it is asked for.
type FirstPage = "/imports" | "/backups";

let first: FirstPage | null = null;

export function beginAt(page: FirstPage): void {
  first = page;
}

export function takeFirstPage(): FirstPage | null {
  const page = first;
  first = null;
  return page;
}
